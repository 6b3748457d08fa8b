package pgparse

import (
	"slices"
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// createTextSearch reads CREATE TEXT SEARCH of all four kinds.
func (r *reader) createTextSearch(kind schema.Kind, s *pg_query.DefineStmt) error {
	t := &pg.TSObject{Of: kind}
	t.Schema, t.Name = r.newName(s.Defnames)
	for _, d := range elements(s.Definition) {
		switch name := strings.ToLower(d.Defname); {
		case kind == pg.KindTSConfiguration && name == "copy":
			if err := r.copyConfiguration(t, nameList(d.Arg)); err != nil {
				return err
			}
		case kind == pg.KindTSConfiguration && name == "parser":
			t.Options = setOption(t.Options, name, r.textSearchName(t, pg.KindTSParser, nameList(d.Arg)))
		case kind == pg.KindTSDictionary && name == "template":
			t.Options = setOption(t.Options, name, r.textSearchName(t, pg.KindTSTemplate, nameList(d.Arg)))
		case kind == pg.KindTSDictionary:
			t.Options = setOption(t.Options, name, word(d))
		default: // functions of a template or a parser
			text, id, err := r.function(nameList(d.Arg), "*", true)
			if err != nil {
				return err
			}
			t.Options = setOption(t.Options, name, text)
			t.Uses = appendID(t.Uses, id)
		}
	}
	return r.add(t, -1)
}

func appendID(list []schema.ID, id schema.ID) []schema.ID {
	if id.IsZero() || slices.Contains(list, id) {
		return list
	}
	return append(list, id)
}

// textSearchName is the qualified name of another text search object that t
// uses.
func (r *reader) textSearchName(t *pg.TSObject, kind schema.Kind, names []*pg_query.Node) string {
	namespace, name := nameParts(names)
	if id, ok := r.known(kind, namespace, name, ""); ok {
		t.Uses = appendID(t.Uses, id)
		namespace = id.Schema
	}
	return pg.Qualify(namespace, name)
}

// copyConfiguration copies another configuration's parser and mappings.
func (r *reader) copyConfiguration(t *pg.TSObject, names []*pg_query.Node) error {
	namespace, name := nameParts(names)
	if id, ok := r.known(pg.KindTSConfiguration, namespace, name, ""); ok {
		from, _ := schema.Lookup[*pg.TSObject](r.catalog, id)
		from = schema.Clone(from)
		t.Options, t.Mappings, t.Uses = from.Options, from.Mappings, from.Uses
		return nil
	}
	m, ok := snowballMappings(name)
	if !ok || namespace != "" && namespace != "pg_catalog" {
		return r.missing(-1, "text search configuration %s does not exist", pg.Qualify(namespace, name))
	}
	t.Options, t.Mappings = setOption(t.Options, "parser", pg.Quote("default")), m
	return nil
}

// snowballMappings are those of the server's own configurations. All have the
// same shape: a stemmer for words, "simple" for the rest; Hindi and Russian
// treat ASCII words as English.
func snowballMappings(language string) ([]pg.TSMapping, bool) {
	const languages = " arabic armenian basque catalan danish dutch english estonian finnish french german greek hindi hungarian indonesian irish italian lithuanian nepali norwegian portuguese romanian russian serbian simple spanish swedish tamil turkish yiddish "
	if !strings.Contains(languages, " "+language+" ") {
		return nil, false
	}
	stem, ascii := language+"_stem", language+"_stem"
	switch language {
	case "simple":
		stem, ascii = "simple", "simple"
	case "hindi", "russian":
		ascii = "english_stem"
	}
	var out []pg.TSMapping
	for _, token := range tokenTypes {
		dictionary := "simple"
		switch token {
		case "asciihword", "asciiword", "hword_asciipart":
			dictionary = ascii
		case "hword", "hword_part", "word":
			dictionary = stem
		}
		out = append(out, pg.TSMapping{Token: token, Dictionaries: []string{dictionary}})
	}
	return out, true
}

// tokenTypes are those that the server's own configurations map, sorted.
var tokenTypes = []string{"asciihword", "asciiword", "email", "file", "float", "host", "hword", "hword_asciipart", "hword_numpart",
	"hword_part", "int", "numhword", "numword", "sfloat", "uint", "url", "url_path", "version", "word"}

// alterTSConfiguration reads ADD, ALTER and DROP MAPPING.
func (r *reader) alterTSConfiguration(s *pg_query.AlterTSConfigurationStmt) error {
	namespace, name := nameParts(s.Cfgname)
	t, err := defined[*pg.TSObject](r, pg.KindTSConfiguration, namespace, name, "")
	if err != nil {
		return err
	}
	var dictionaries []string
	for _, n := range s.Dicts {
		dictionaries = append(dictionaries, r.textSearchName(t, pg.KindTSDictionary, nameList(n)))
	}
	for _, token := range strs(s.Tokentype) {
		if err := r.alterMapping(t, s, strings.ToLower(token), dictionaries); err != nil {
			return err
		}
	}
	if s.Kind == pg_query.AlterTSConfigType_ALTER_TSCONFIG_REPLACE_DICT {
		for i := range t.Mappings {
			replaceWord(t.Mappings[i].Dictionaries, dictionaries)
		}
	}
	return nil
}

func (r *reader) alterMapping(t *pg.TSObject, s *pg_query.AlterTSConfigurationStmt, token string, dictionaries []string) error {
	i, found := slices.BinarySearchFunc(t.Mappings, token, func(m pg.TSMapping, s string) int { return strings.Compare(m.Token, s) })
	switch s.Kind {
	case pg_query.AlterTSConfigType_ALTER_TSCONFIG_ADD_MAPPING, pg_query.AlterTSConfigType_ALTER_TSCONFIG_ALTER_MAPPING_FOR_TOKEN:
		if !found {
			t.Mappings = slices.Insert(t.Mappings, i, pg.TSMapping{Token: token})
		} else if !s.Override {
			return r.errorf(-1, "write ALTER MAPPING", "%s has a mapping for %q already", t.Name, token)
		}
		t.Mappings[i].Dictionaries = slices.Clone(dictionaries)
	case pg_query.AlterTSConfigType_ALTER_TSCONFIG_REPLACE_DICT_FOR_TOKEN:
		if found {
			replaceWord(t.Mappings[i].Dictionaries, dictionaries)
		}
	case pg_query.AlterTSConfigType_ALTER_TSCONFIG_DROP_MAPPING:
		if !found && !s.MissingOk {
			return r.errorf(-1, "", "%s has no mapping for %q", t.Name, token)
		}
		if found {
			t.Mappings = slices.Delete(t.Mappings, i, i+1)
		}
	}
	return nil
}

// replaceWord puts pair[1] wherever pair[0] is.
func replaceWord(list, pair []string) {
	for i, s := range list {
		if len(pair) == 2 && s == pair[0] {
			list[i] = pair[1]
		}
	}
}

// alterTSDictionary sets options; one without a value is taken away.
func (r *reader) alterTSDictionary(s *pg_query.AlterTSDictionaryStmt) error {
	namespace, name := nameParts(s.Dictname)
	t, err := defined[*pg.TSObject](r, pg.KindTSDictionary, namespace, name, "")
	if err != nil {
		return err
	}
	for _, d := range elements(s.Options) {
		if option := strings.ToLower(d.Defname); d.Arg == nil {
			t.Options = unsetOption(t.Options, option)
		} else {
			t.Options = setOption(t.Options, option, word(d))
		}
	}
	return nil
}
