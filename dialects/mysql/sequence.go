package mysql

import (
	"strconv"
	"strings"

	"github.com/trueup-sql/trueup/schema/my"
)

// sequences writes MariaDB's sequences.
type sequences struct{}

func (sequences) create(s *my.Sequence, e *emitter) {
	text := "CREATE SEQUENCE " + quote(s.Self.Name)
	if s.Type.Name != "" && s.Type.Name != "bigint" {
		text += " AS " + s.Type.String()
	}
	text += newSequence(s)
	if s.Engine != "" && !strings.EqualFold(s.Engine, e.setting(settingEngine)) {
		text += " ENGINE=" + s.Engine
	}
	if s.Comment != "" {
		text += " COMMENT=" + literal(s.Comment)
	}
	e.statement(text, facts{})
}

func (sequences) drop(s *my.Sequence, e *emitter) {
	e.statement("DROP SEQUENCE "+quote(s.Self.Name), facts{})
}

func (sequences) rename(old, new *my.Sequence, e *emitter) {
	e.statement("RENAME TABLE "+quote(old.Self.Name)+" TO "+quote(new.Self.Name), facts{})
}

// alter: what ALTER SEQUENCE is not told, it keeps.
func (sequences) alter(old, new *my.Sequence, e *emitter) {
	if sequenceNumbers(new) != sequenceNumbers(old) {
		e.statement("ALTER SEQUENCE "+quote(new.Self.Name)+changedNumbers(old, new), facts{})
		old.Start, old.Increment, old.Min, old.Max, old.Cache, old.Cycle = new.Start, new.Increment, new.Min, new.Max, new.Cache, new.Cycle
	}
	if old.Comment != new.Comment || old.Engine != new.Engine {
		e.statement("ALTER TABLE "+quote(new.Self.Name)+" ENGINE="+new.Engine+", COMMENT="+literal(new.Comment), facts{})
		old.Comment, old.Engine = new.Comment, new.Engine
	}
}

func sequenceNumbers(s *my.Sequence) string {
	text := ""
	put := func(word string, n *int64) {
		if n != nil {
			text += " " + word + " " + strconv.FormatInt(*n, 10)
		}
	}
	put("START WITH", s.Start)
	put("INCREMENT BY", s.Increment)
	put("MINVALUE", s.Min)
	put("MAXVALUE", s.Max)
	put("CACHE", s.Cache)
	if s.Cycle {
		return text + " CYCLE"
	}
	return text + " NOCYCLE"
}

// newSequence leaves out what the server would choose itself.
func newSequence(s *my.Sequence) string {
	n := *s
	drop := func(field **int64, v int64) {
		if *field != nil && **field == v {
			*field = nil
		}
	}
	if s.Increment != nil && *s.Increment > 0 {
		if s.Min != nil {
			drop(&n.Start, *s.Min)
		}
		drop(&n.Min, 1)
		drop(&n.Max, 1<<63-2)
	}
	drop(&n.Increment, 1)
	drop(&n.Cache, 1000)
	return strings.TrimSuffix(sequenceNumbers(&n), " NOCYCLE")
}

// changedNumbers leaves out what stays.
func changedNumbers(old, new *my.Sequence) string {
	n := *new
	for _, f := range [...]struct{ was, is **int64 }{{&old.Start, &n.Start}, {&old.Increment, &n.Increment}, {&old.Min, &n.Min}, {&old.Max, &n.Max}, {&old.Cache, &n.Cache}} {
		if *f.was != nil && *f.is != nil && **f.was == **f.is {
			*f.is = nil
		}
	}
	s := sequenceNumbers(&n)
	if old.Cycle == new.Cycle {
		s = strings.TrimSuffix(strings.TrimSuffix(s, " NOCYCLE"), " CYCLE")
	}
	return s
}
