package postgres

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema/pg"
)

type textSearchKind struct{}

func (textSearchKind) Create(t *pg.TSObject, e *emitter) {
	var list []string
	options := t.Options
	if t.Of == pg.KindTSDictionary { // the server keeps the author's order
		options = inPlace(options)
	}
	for _, o := range options { // what it is made of comes first
		if value := textSearchOption(t, o); o.Name == "template" || o.Name == "parser" {
			list = slices.Insert(list, 0, value)
		} else {
			list = append(list, value)
		}
	}
	e.emit(sql("CREATE", commandWord(t.Of), path(t.ID()), "("+strings.Join(list, ", ")+")"))
	addMappings(t, t.Mappings, e)
}

// textSearchOption: names stand as they are, a dictionary's own options are
// quoted.
func textSearchOption(t *pg.TSObject, o pg.Option) string {
	if t.Of == pg.KindTSDictionary && o.Name != "template" {
		return ident(o.Name) + " = " + literal(o.Value)
	}
	return strings.ToUpper(o.Name) + " = " + o.Value
}

func addMappings(t *pg.TSObject, mappings []pg.TSMapping, e *emitter) {
	eachMapping(mappings, func(tokens, dictionaries string) {
		e.emit(sql("ALTER", commandWord(t.Of), path(t.ID()), "ADD MAPPING FOR", tokens, "WITH", dictionaries))
	})
}

// eachMapping joins neighbouring tokens that have the same dictionaries.
func eachMapping(mappings []pg.TSMapping, f func(tokens, dictionaries string)) {
	var order []string
	tokens := map[string][]string{}
	for _, m := range mappings {
		d := strings.Join(m.Dictionaries, ", ")
		if tokens[d] == nil {
			order = append(order, d)
		}
		tokens[d] = append(tokens[d], ident(m.Token))
	}
	for _, d := range order {
		f(strings.Join(tokens[d], ", "), d)
	}
}

func (textSearchKind) Drop(t *pg.TSObject, e *emitter) { e.drop(t.ID()) }

// Alter changes a dictionary's options and a configuration's mappings.
func (textSearchKind) Alter(old, new *pg.TSObject, e *emitter) {
	switch new.Of {
	case pg.KindTSDictionary:
		if option(old.Options, "template") != option(new.Options, "template") {
			return
		}
		set, reset := optionChanges(&old.Options, new.Options)
		var list []string
		for _, o := range set {
			list = append(list, textSearchOption(new, o))
		}
		for _, name := range reset {
			list = append(list, ident(name))
		}
		if list != nil {
			e.emit(sql("ALTER TEXT SEARCH DICTIONARY", path(new.ID()), "("+strings.Join(list, ", ")+")"))
		}
		old.Uses = new.Uses
	case pg.KindTSConfiguration:
		if option(old.Options, "parser") != option(new.Options, "parser") {
			return
		}
		alterMappings(old, new, e)
		old.Uses = new.Uses
	}
}

func alterMappings(old, new *pg.TSObject, e *emitter) {
	find := func(t *pg.TSObject, token string) *pg.TSMapping {
		for i := range t.Mappings {
			if t.Mappings[i].Token == token {
				return &t.Mappings[i]
			}
		}
		return nil
	}
	var gone []string
	for _, m := range old.Mappings {
		if find(new, m.Token) == nil {
			gone = append(gone, ident(m.Token))
		}
	}
	var added, altered []pg.TSMapping
	for _, m := range new.Mappings {
		switch have := find(old, m.Token); {
		case have == nil:
			added = append(added, m)
		case !slices.Equal(have.Dictionaries, m.Dictionaries):
			altered = append(altered, m)
		}
	}
	if gone != nil {
		e.emit(sql("ALTER TEXT SEARCH CONFIGURATION", path(new.ID()), "DROP MAPPING FOR", strings.Join(gone, ", ")))
	}
	eachMapping(altered, func(tokens, dictionaries string) {
		e.emit(sql("ALTER TEXT SEARCH CONFIGURATION", path(new.ID()), "ALTER MAPPING FOR", tokens, "WITH", dictionaries))
	})
	addMappings(new, added, e)
	old.Mappings = new.Mappings
}
