package mysql

import (
	"cmp"
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// Normalize fills in what the target would take where nothing is said, and
// drops what it would not keep, so that an author's catalog and the server's
// own can be compared. Expressions are canonical already: both sides come from
// the same reader.
func (b *bound) Normalize(c *schema.Catalog) error {
	n := &normalizer{bound: b, catalog: c, charset: b.setting(settingCharset), collation: b.setting(settingCollation)}
	if d, ok := schema.Lookup[*my.Database](c, my.DatabaseID); ok {
		n.database(d)
	}
	n.tables = map[schema.ID]*my.Table{}
	for t := range schema.Each[*my.Table](c) {
		n.table(t)
		n.tables[t.Self] = t
	}
	n.columns = map[schema.ID]*my.Column{}
	for o := range c.All() {
		if b.basicMetadata {
			n.metadata(o)
		}
		if x, ok := o.(*my.Column); ok {
			n.column(x)
			n.columns[x.Self] = x
		}
	}
	for o := range c.All() {
		switch o := o.(type) {
		case *my.Index:
			n.index(o)
		case *my.ForeignKey:
			n.foreignKey(o)
		case *my.Partitioning:
			n.partitioning(o)
		case *my.View:
			n.view(o)
		case *my.Routine:
			n.routine(o)
		case *my.Sequence:
			n.sequence(o)
		}
	}
	linkForeignKeys(c)
	return nil
}

// normalizer works on one catalog.
type normalizer struct {
	*bound
	catalog            *schema.Catalog
	tables             map[schema.ID]*my.Table
	columns            map[schema.ID]*my.Column
	charset, collation string // of the database
}

// resolve fills in a character set and a collation, of which either may be missing.
func (n *normalizer) resolve(charset, collation, inheritedCharset, inheritedCollation string) (string, string) {
	charset, collation = utf8mb3(charset), utf8mb3(collation)
	switch {
	case charset == "" && collation == "":
		return inheritedCharset, inheritedCollation
	case charset == "":
		if charset = charsetOf(collation); charset == "" { // a short name
			charset = inheritedCharset
		}
	case collation == "":
		return charset, n.setting(collationOf + charset)
	}
	return charset, fullCollation(charset, collation)
}

func (n *normalizer) database(d *my.Database) {
	d.Charset, d.Collation = n.resolve(d.Charset, d.Collation, n.charset, n.collation)
	n.charset, n.collation = d.Charset, d.Collation
}

// noValue lists, for options whose default can be written out, what it is.
var noValue = map[string][]string{
	"ROW_FORMAT": {"DEFAULT"}, "KEY_BLOCK_SIZE": {"0"}, "AVG_ROW_LENGTH": {"0"}, "MIN_ROWS": {"0"}, "MAX_ROWS": {"0"},
	"CHECKSUM": {"0"}, "DELAY_KEY_WRITE": {"0"}, "PACK_KEYS": {"DEFAULT"}, "STATS_PERSISTENT": {"DEFAULT"},
	"STATS_AUTO_RECALC": {"DEFAULT"}, "STATS_SAMPLE_PAGES": {"DEFAULT", "0"}, "INSERT_METHOD": {"NO"}, "ENCRYPTION": {"N"},
	"AUTOEXTEND_SIZE": {"0"}, "SHARD_ROW_ID_BITS": {"0"}, "PRE_SPLIT_REGIONS": {"0"}, "AUTO_ID_CACHE": {"0"},
	"TABLESPACE": {"innodb_file_per_table"}, "SECONDARY_ENGINE": {"NULL"},
}

func (n *normalizer) table(t *my.Table) {
	if t.Engine == "" || n.clusteredIndex { // TiDB reads ENGINE, and has one
		t.Engine = n.setting(settingEngine)
	}
	t.Engine = engineName(t.Engine)
	if !t.TTL.IsZero() && t.TTLEnable == "" {
		t.TTLEnable = "ON"
	}
	t.Charset, t.Collation = n.resolve(t.Charset, t.Collation, n.charset, n.collation)
	n.aria(t)
	for _, dir := range []*string{&t.DataDirectory, &t.IndexDirectory} {
		*dir = strings.TrimSuffix(*dir, "/") // which the server adds
	}
	for _, o := range tableOptions {
		if f := o.field(t); slices.Contains(noValue[o.name], *f) {
			*f = ""
		}
	}
}

// aria: SHOW CREATE TABLE always tells PAGE_CHECKSUM, and TABLES.CREATE_OPTIONS
// whether the table is TRANSACTIONAL, which it is if its rows are in pages.
func (n *normalizer) aria(t *my.Table) {
	if t.Engine != "Aria" { // a remark that others ignore, and keep when the engine changes
		t.PageChecksum = ""
		return
	}
	if t.PageChecksum == "" {
		t.PageChecksum = n.pageChecksum()
	}
	pages := "0"
	if t.RowFormat == "" || strings.EqualFold(t.RowFormat, "PAGE") || strings.EqualFold(t.RowFormat, "DEFAULT") {
		pages = "1"
	}
	if t.Transactional == pages {
		t.Transactional = ""
	}
}

// pageChecksum is PAGE_CHECKSUM of an Aria table of which nothing is said.
func (b *bound) pageChecksum() string {
	if s := b.setting(settingPageChecksum); s == "" || b.on(settingPageChecksum) {
		return "1"
	}
	return "0"
}

// engines are the server's spellings.
var engines = []string{"InnoDB", "MyISAM", "MEMORY", "Aria", "ARCHIVE", "CSV", "BLACKHOLE", "MRG_MyISAM", "FEDERATED", "CONNECT",
	"SPIDER", "ROCKSDB", "TokuDB", "Columnstore", "Mroonga", "S3", "NDBCLUSTER", "SEQUENCE", "OQGRAPH", "SphinxSE"}

func engineName(s string) string {
	switch strings.ToUpper(s) {
	case "HEAP":
		return "MEMORY"
	case "MERGE":
		return "MRG_MyISAM"
	case "NDB":
		return "NDBCLUSTER"
	}
	for _, e := range engines {
		if strings.EqualFold(e, s) {
			return e
		}
	}
	return s
}

func (n *normalizer) column(c *my.Column) {
	t := n.tables[c.Table()]
	if t == nil {
		return
	}
	if c.Type.HasCharset() {
		c.Charset, c.Collation = n.resolve(c.Charset, c.Collation, t.Charset, t.Collation)
		if c.BinaryCollation {
			c.Collation = binaryCollation(c.Charset)
		}
	}
	c.BinaryCollation = false
	if b, ok := binaryTypes[c.Type.Name]; ok && c.Charset == "binary" { // inherited
		c.Type.Name, c.Charset, c.Collation = b, "", ""
	}
	if c.Type.Name == "text" && len(c.Type.Args) == 1 { // the smallest that is long enough
		c.Type = my.Type{Name: my.TextFor(c.Type.Args[0], bytesPerChar(c.Charset))}
	}
	if c.Compressed != "" {
		c.Compressed = "zlib" // the server shows that, and not the method
	}
}

// binaryTypes are what the types for text become with the character set binary.
var binaryTypes = map[string]string{"char": "binary", "varchar": "varbinary", "tinytext": "tinyblob", "text": "blob", "mediumtext": "mediumblob", "longtext": "longblob"}

func (n *normalizer) index(x *my.Index) {
	t := n.tables[x.Table()]
	if t == nil {
		return
	}
	x.Using = n.indexMethod(x, t.Engine)
	if !n.clusteredIndex {
		x.Clustered, x.Global = "", false
	} else if x.Type == my.Primary && x.Clustered == "" {
		x.Clustered = n.clustered(x)
	}
	for i := range x.Parts {
		if c := n.columns[x.Parts[i].Column]; c != nil {
			n.prefix(x, &x.Parts[i], c, t.Engine)
		}
	}
}

// partBytes is how long a part of an index may be, in bytes, with InnoDB's
// pages of 16 KiB.
var partBytes = map[string]int{"InnoDB": 3072, "MyISAM": 1000, "Aria": 2300, "MEMORY": 3072}

// prefix: a prefix of the whole is none. What is too long for the engine is cut,
// with a warning, unless the index is unique (MariaDB 10.11, in every sql_mode;
// MySQL if it is not strict).
func (n *normalizer) prefix(x *my.Index, p *my.IndexPart, c *my.Column, engine string) {
	whole := 0
	switch c.Type.Name {
	case "char", "varchar", "binary", "varbinary":
		whole = firstArg(c.Type)
	}
	most := partBytes[engine] / bytesPerChar(c.Charset)
	if x.Type == my.Plain && most > 0 && cmp.Or(p.Length, whole) > most {
		p.Length = most
	}
	if p.Length == whole {
		p.Length = 0
	}
}

// clustered is what TiDB makes of a primary key of which nothing is said.
func (n *normalizer) clustered(x *my.Index) string {
	integer := false
	if len(x.Parts) == 1 {
		c := n.columns[x.Parts[0].Column]
		integer = c != nil && c.Type.IsInteger()
	}
	if s := n.setting(settingClustered); s == "OFF" || s == "INT_ONLY" && !integer {
		return "NONCLUSTERED"
	}
	return "CLUSTERED"
}

// indexMethod: MEMORY and its like have both methods, and HASH unless it is
// said; other engines have B-trees whatever is said (information_schema tells
// no more of it; MariaDB's unique hashes of long values call themselves HASH).
func (n *normalizer) indexMethod(x *my.Index, engine string) string {
	switch engine {
	case "MEMORY", "NDBCLUSTER":
		if x.Using == "HASH" {
			return ""
		}
		return x.Using
	}
	return ""
}

func (n *normalizer) foreignKey(k *my.ForeignKey) {
	same := "NO ACTION" // as nothing at all
	if n.showsNoAction {
		same = "RESTRICT"
	}
	if k.OnDelete == same {
		k.OnDelete = ""
	}
	if k.OnUpdate == same {
		k.OnUpdate = ""
	}
	k.Match, k.IndexName = "", "" // the server keeps neither
}

func (n *normalizer) partitioning(p *my.Partitioning) {
	engine := ""
	if t := n.tables[p.Table()]; t != nil {
		engine = t.Engine
	}
	plain := true
	for i := range p.Partitions {
		plain = n.partition(&p.Partitions[i], engine, "p", i) && plain
	}
	if hashed(p.Method) && plain && len(p.Partitions) > 0 && (p.Sub == nil) {
		p.Count, p.Partitions = len(p.Partitions), nil
	}
	if len(p.Partitions) > 0 {
		p.Count = 0
	} else {
		p.Count = max(p.Count, 1)
	}
	if p.Sub != nil {
		n.subpartitions(p, engine)
	}
	for _, s := range []*my.Scheme{&p.Scheme, p.Sub} {
		if s != nil && s.Algorithm == 2 {
			s.Algorithm = 0
		}
	}
}

func hashed(method string) bool {
	return strings.HasSuffix(method, "HASH") || strings.HasSuffix(method, "KEY")
}

// partition tells whether nothing is said of it that the server would not
// choose itself.
func (n *normalizer) partition(p *my.Partition, engine, prefix string, i int) bool {
	if strings.EqualFold(engineName(p.Engine), engine) {
		p.Engine = ""
	}
	for _, dir := range []*string{&p.DataDirectory, &p.IndexDirectory} {
		*dir = strings.TrimSuffix(*dir, "/")
	}
	rest := *p
	rest.Name, rest.Sub = "", nil
	return p.Name == prefix+itoa(i) && len(p.Less) == 0 && len(p.In) == 0 && rest.Engine == "" && rest.Comment == "" &&
		rest.DataDirectory == "" && rest.IndexDirectory == "" && rest.MinRows == "" && rest.MaxRows == "" && rest.Tablespace == "" && len(rest.Options) == 0
}

func (n *normalizer) subpartitions(p *my.Partitioning, engine string) {
	plain := true
	for i := range p.Partitions {
		for j := range p.Partitions[i].Sub {
			plain = n.partition(&p.Partitions[i].Sub[j], engine, p.Partitions[i].Name+"sp", j) && plain
		}
		if l := len(p.Partitions[i].Sub); l > 0 {
			p.Sub.Count = l
		}
	}
	if plain {
		for i := range p.Partitions {
			p.Partitions[i].Sub = nil
		}
	}
	p.Sub.Count = max(p.Sub.Count, 1)
}

// view: a view keeps no hold on the tables, views and columns that it selects
// from. The server lets them go, and complains when the view is used.
func (n *normalizer) view(v *my.View) {
	for i, r := range v.Query.Refs {
		switch r.To.Kind {
		case my.KindTable, my.KindView, my.KindColumn:
			v.Query.Refs[i].Bind = schema.Once
		}
	}
	if v.Algorithm == "" {
		v.Algorithm = "UNDEFINED"
	}
	if v.Security == "" {
		v.Security = "DEFINER"
	}
}

// routine: the texts among its parameters have the database's character set.
func (n *normalizer) routine(r *my.Routine) {
	params := make([]*my.Param, 0, len(r.Params)+1)
	for i := range r.Params {
		params = append(params, &r.Params[i])
	}
	if r.Returns != nil {
		params = append(params, r.Returns)
	}
	for _, p := range params {
		if p.Type.HasCharset() && p.TypeOf == "" {
			p.Charset, p.Collation = n.resolve(p.Charset, p.Collation, n.charset, n.collation)
		}
	}
}

// sequence: the numbers that a server chooses.
func (n *normalizer) sequence(s *my.Sequence) {
	put := func(field **int64, v int64) {
		if *field == nil {
			*field = &v
		}
	}
	put(&s.Increment, 1)
	const highest = 1<<63 - 2 // both ends of the range are reserved
	if *s.Increment < 0 {
		put(&s.Max, -1)
		put(&s.Min, -highest-1)
		put(&s.Start, *s.Max)
	} else {
		put(&s.Min, 1)
		put(&s.Max, highest)
		put(&s.Start, *s.Min)
	}
	put(&s.Cache, 1000)
	if s.Type.Name == "" {
		s.Type = my.Type{Name: "bigint", Args: []int{20}}
	}
	if s.Engine == "" {
		s.Engine = n.setting(settingEngine)
	}
	s.Engine = engineName(s.Engine)
}

// jsonCheck is the canonical form of the check that makes a text a JSON
// document on MariaDB.
func jsonCheck(column string) string { return "json_valid(" + quote(strings.ToLower(column)) + ")" }
