package liteparse

import (
	"strings"

	"github.com/trueup-sql/trueup/schema/lite"
)

// TriggerText is a CREATE TRIGGER taken apart.
type TriggerText struct {
	Trigger *lite.Trigger
	Name    Token
	// On is the table or view in lower case.
	On string

	head       []string // timing and event, in canonical form
	when, body []Token
}

// Trigger takes a CREATE TRIGGER apart. The kind of relation that it is on is
// not in the text: the ID in On is that of a table.
func Trigger(text string) (*TriggerText, error) {
	c := newCursor(text)
	c.expect("create")
	if !c.accept("temp") {
		c.accept("temporary")
	}
	c.expect("trigger")
	c.accept("if", "not", "exists")
	t := &TriggerText{Name: c.qualified()}
	definition := c.at
	switch {
	case c.accept("before"):
		t.head = append(t.head, "before")
	case c.accept("after"):
		t.head = append(t.head, "after")
	case c.accept("instead", "of"):
		t.head = append(t.head, "instead of")
	default:
		t.head = append(t.head, "before")
	}
	switch {
	case c.accept("insert"):
		t.head = append(t.head, "insert")
	case c.accept("delete"):
		t.head = append(t.head, "delete")
	case c.accept("update"):
		t.head = append(t.head, "update")
		for sep := "of"; c.accept(sep); sep = "," {
			t.head = append(t.head, sep+" "+Quote(fold(c.name())))
		}
	default:
		c.fail("expected INSERT, UPDATE or DELETE instead of %q", c.peek().Text)
	}
	c.expect("on")
	t.On = fold(c.qualified())
	t.head = append(t.head, "on "+Quote(t.On))
	c.accept("for", "each", "row")
	if c.accept("when") {
		from := c.at
		for depth := 0; !c.done() && (depth > 0 || !c.peek().Is("begin")); c.at++ {
			if c.peek().In("(", "case") {
				depth++
			} else if c.peek().In(")", "end") {
				depth--
			}
		}
		t.when = c.ts[from:min(c.at, len(c.ts))]
	}
	if !c.peek().Is("begin") {
		c.fail("expected BEGIN instead of %q", c.peek().Text)
	}
	if c.err != nil {
		return nil, c.err
	}
	t.body = c.statement()
	t.Trigger = &lite.Trigger{Self: lite.TriggerID(t.Name.Name()), On: lite.TableID(t.On), Name: t.Name.Name(), SQL: text}
	c.at = definition
	t.Trigger.Definition.Text = c.between(c.statement())
	return t, nil
}

// Canonical sets the canonical form of the definition. isName tells which names
// there are in the database.
func (t *TriggerText) Canonical(isName func(string) bool) {
	var b strings.Builder
	b.WriteString(strings.Join(t.head, " "))
	if t.when != nil {
		columns := map[string]bool{}
		for _, w := range wordsOf(t.when) {
			if isName(w) {
				columns[w] = true
			}
		}
		b.WriteString(" when " + Scope{Columns: columns}.canon(t.when))
	}
	b.WriteString(" " + body(t.body, isName))
	t.Trigger.Definition.Canon = b.String()
}

// Names are the tables and views that the trigger uses besides its own, and all
// words of it that could be columns, in lower case.
func (t *TriggerText) Names() (relations, words []string) {
	head := Code(strings.Join(t.head, " "))
	all := append(append(head, t.when...), t.body...)
	return relationsOf(append(append([]Token{}, t.when...), t.body...)), wordsOf(all)
}

// VirtualTable takes a CREATE VIRTUAL TABLE apart.
func VirtualTable(text string) (*lite.VirtualTable, Token, error) {
	c := newCursor(text)
	c.expect("create", "virtual", "table")
	c.accept("if", "not", "exists")
	name := c.qualified()
	c.expect("using")
	module := c.name()
	if c.err != nil {
		return nil, name, c.err
	}
	v := &lite.VirtualTable{Self: lite.VirtualTableID(name.Name()), Name: name.Name(), Module: fold(module), SQL: text}
	c.at--
	ts := c.statement()
	v.Definition.Text = c.between(ts)
	// a module reads its arguments as it likes: only space and the case of its
	// own name are without meaning
	v.Definition.Canon = v.Module
	for _, t := range ts[1:] {
		if t.Class == Word || t.Class == Number || len(v.Definition.Canon) > 0 && !t.In(",", ")", "(", "=") {
			v.Definition.Canon += " "
		}
		v.Definition.Canon += t.Text
	}
	return v, name, nil
}
