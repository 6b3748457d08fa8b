package ui

import (
	"encoding/json"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/trueup-sql/trueup/dialects/executor"
	"github.com/trueup-sql/trueup/planner"
)

// Log writes diagnostics and progress as JSON, one object to a line:
//
//	{"time":"..","level":"info","message":"..","statement":2,"of":5,"object":"table users","sql":"..","took_ms":12}
//
// Levels are error, note and info. It takes the place of stderr: what is
// written to it becomes messages.
type Log struct {
	mu  sync.Mutex
	enc *json.Encoder
}

// NewLog writes to w.
func NewLog(w io.Writer) *Log {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return &Log{enc: enc}
}

type entry struct {
	Time      time.Time `json:"time"`
	Level     string    `json:"level"`
	Message   string    `json:"message"`
	Statement int       `json:"statement,omitempty"`
	Of        int       `json:"of,omitempty"`
	Object    string    `json:"object,omitempty"`
	SQL       string    `json:"sql,omitempty"`
	TookMS    *int64    `json:"took_ms,omitempty"`
}

func (l *Log) write(e entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e.Time = time.Now().UTC()
	_ = l.enc.Encode(e) // a closed stderr must not stop a migration half way
}

// Write makes a message of what is written in one call.
func (l *Log) Write(b []byte) (int, error) {
	text := strings.TrimSpace(string(b))
	level := "info"
	if rest, ok := strings.CutPrefix(text, "note: "); ok {
		level, text = "note", rest
	} else if rest, ok := strings.CutPrefix(text, "trueup: "); ok {
		level, text = "error", rest
	}
	if text != "" {
		l.write(entry{Level: level, Message: text})
	}
	return len(b), nil
}

// Observer logs what an apply does, and prints the statements to out.
func (l *Log) Observer(out io.Writer) *LogObserver { return &LogObserver{log: l, out: out} }

// LogObserver is an [executor.Observer] that writes to a [Log].
type LogObserver struct {
	Waits Waits
	// Silent: the statements were shown already.
	Silent  bool
	log     *Log
	out     io.Writer
	ticking ticking
}

var _ executor.Observer = (*LogObserver)(nil)

// Started logs the statement.
func (o *LogObserver) Started(n, total int, s planner.Statement) {
	o.log.write(entry{Level: "info", Message: "started", Statement: n, Of: total, Object: s.Object.String(), SQL: s.SQL})
	if !o.Silent {
		printStatement(o.out, s)
	}
	o.ticking.start(func() {}, o.Waits, func(what string) {
		o.log.write(entry{Level: "note", Message: "waits " + what, Statement: n, Of: total, Object: s.Object.String()})
	})
}

// Finished logs its end; the error itself is logged when the command ends.
func (o *LogObserver) Finished(n, total int, s planner.Statement, took time.Duration, err error) {
	o.ticking.stop()
	e := entry{Level: "info", Message: "finished", Statement: n, Of: total, Object: s.Object.String()}
	if err != nil {
		e.Message = "failed"
	}
	ms := took.Milliseconds()
	e.TookMS = &ms
	o.log.write(e)
}

// Phase logs what is between statements.
func (o *LogObserver) Phase(what string) { o.log.write(entry{Level: "info", Message: what}) }
