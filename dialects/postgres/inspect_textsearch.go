package postgres

import (
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

func (in *inspection) readTextSearch() []query {
	return []query{
		{`SELECT p.oid, p.prsnamespace, p.prsname, p.prsstart::oid, p.prstoken::oid, p.prsend::oid, p.prsheadline::oid, p.prslextype::oid
 FROM pg_ts_parser p ORDER BY p.prsname`, func(r row) error {
			o := in.textSearch(pg.KindTSParser, classTSParser, r, "")
			in.functionOptions(o, r, "start", "gettoken", "end", "headline", "lextypes")
			return nil
		}},
		{`SELECT t.oid, t.tmplnamespace, t.tmplname, t.tmplinit::oid, t.tmpllexize::oid FROM pg_ts_template t ORDER BY t.tmplname`, func(r row) error {
			o := in.textSearch(pg.KindTSTemplate, classTSTemplate, r, "")
			in.functionOptions(o, r, "init", "lexize")
			return nil
		}},
		{`SELECT d.oid, d.dictnamespace, d.dictname, d.dicttemplate, d.dictinitoption, pg_get_userbyid(d.dictowner) FROM pg_ts_dict d ORDER BY d.dictname`, func(r row) error {
			o := in.textSearch(pg.KindTSDictionary, classTSDictionary, r, r.text(5))
			if o != nil {
				in.useTextSearch(o, "template", address{classTSTemplate, r.oid(3), 0})
				o.Options = append(o.Options, dictionaryOptions(r.text(4))...)
				sortOptions(o.Options)
			}
			return nil
		}},
		{`SELECT c.oid, c.cfgnamespace, c.cfgname, c.cfgparser, pg_get_userbyid(c.cfgowner) FROM pg_ts_config c ORDER BY c.cfgname`, func(r row) error {
			o := in.textSearch(pg.KindTSConfiguration, classTSConfig, r, r.text(4))
			if o != nil {
				in.useTextSearch(o, "parser", address{classTSParser, r.oid(3), 0})
				in.configurations[r.oid(0)] = o
			}
			return nil
		}},
		{`SELECT m.mapcfg, (SELECT t.alias FROM ts_token_type(c.cfgparser) t WHERE t.tokid = m.maptokentype), m.mapdict
 FROM pg_ts_config_map m JOIN pg_ts_config c ON c.oid = m.mapcfg WHERE c.cfgnamespace IN ` + ours + ` ORDER BY m.mapcfg, 2, m.mapseqno`, in.mapping},
	}
}

// textSearch makes a text search object, and notes the names of the system's
// and the extensions'; it is nil for those.
func (in *inspection) textSearch(kind schema.Kind, class oid, r row, owner string) *pg.TSObject {
	at := address{class, r.oid(0), 0}
	ns := in.namespaces[r.oid(1)]
	if !ns.managed || in.members[at] {
		in.textSearchNames[at] = pg.Qualify(ns.name, r.text(2)) // ns is empty for pg_catalog
		return nil
	}
	o := &pg.TSObject{Of: kind, Schema: ns.name, Name: r.text(2)}
	id := o.ID()
	in.textSearchNames[at] = pg.Qualify(ns.name, o.Name)
	in.add(o, id)
	in.targets[at] = target{id: id, root: id}
	if owner != "" {
		in.owned(id, owner, id)
	}
	return o
}

func (in *inspection) functionOptions(o *pg.TSObject, r row, names ...string) {
	if o == nil {
		return
	}
	for i, name := range names {
		if f := in.routines[r.oid(3+i)]; f.name != "" {
			o.Options = append(o.Options, pg.Option{Name: name, Value: f.name})
			if !f.id.IsZero() {
				o.Uses = append(o.Uses, f.id)
			}
		}
	}
	sortOptions(o.Options)
}

// useTextSearch sets an option that names another text search object.
func (in *inspection) useTextSearch(o *pg.TSObject, option string, at address) {
	o.Options = append(o.Options, pg.Option{Name: option, Value: in.textSearchNames[at]})
	in.usesTextSearch(o, at)
}

func (in *inspection) usesTextSearch(o *pg.TSObject, at address) {
	if t, ok := in.targets[at]; ok {
		for _, id := range o.Uses {
			if id == t.id {
				return
			}
		}
		o.Uses = append(o.Uses, t.id)
	}
}

func (in *inspection) mapping(r row) error {
	o := in.configurations[r.oid(0)]
	if o == nil {
		return nil
	}
	token, at := r.text(1), address{classTSDictionary, r.oid(2), 0}
	if n := len(o.Mappings); n == 0 || o.Mappings[n-1].Token != token {
		o.Mappings = append(o.Mappings, pg.TSMapping{Token: token})
	}
	m := &o.Mappings[len(o.Mappings)-1]
	m.Dictionaries = append(m.Dictionaries, in.textSearchNames[at])
	in.usesTextSearch(o, at)
	return nil
}

// dictionaryOptions reads pg_ts_dict.dictinitoption: name = 'value', ..
func dictionaryOptions(text string) []pg.Option {
	var out []pg.Option
	for _, item := range splitList(text) {
		name, value, _ := cutAssignment(item)
		out = append(out, pg.Option{Name: name, Value: value, Place: len(out) + 1})
	}
	return out
}

// cutAssignment reads name = 'value', as serialize_deflist() writes it.
func cutAssignment(item string) (name, value string, ok bool) {
	name, value, ok = strings.Cut(item, " = ")
	if strings.HasPrefix(name, `"`) {
		name = strings.ReplaceAll(strings.Trim(name, `"`), `""`, `"`)
	}
	escaped := strings.HasPrefix(value, "E'")
	value = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(value, "E"), "'"), "'")
	value = strings.ReplaceAll(value, "''", "'")
	if escaped {
		value = strings.ReplaceAll(value, `\\`, `\`)
	}
	return name, value, ok
}
