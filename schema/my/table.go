package my

import "github.com/trueup-sql/trueup/schema"

// Table is a base table without its parts. Options are empty where nothing is
// said; their values are as information_schema or SHOW CREATE TABLE show them
// (keywords in upper case, texts unquoted).
type Table struct {
	Self schema.ID

	Engine    string // InnoDB: the server's spelling
	Charset   string // default of new columns; utf8 is utf8mb3
	Collation string
	Comment   string

	// AutoIncrement is the next value that the author asked for. A server's
	// counter moves by itself: it is a floor, never a reason to go back.
	AutoIncrement uint64

	RowFormat                string // DEFAULT, DYNAMIC, FIXED, COMPRESSED, REDUNDANT, COMPACT, PAGE
	KeyBlockSize             string
	Compression              string // 'ZLIB', 'LZ4', 'NONE'
	Encryption               string // 'Y', 'N'
	AvgRowLength             string
	MinRows                  string
	MaxRows                  string
	Checksum                 string // 0, 1
	DelayKeyWrite            string // 0, 1
	PackKeys                 string // 0, 1, DEFAULT
	StatsPersistent          string // 0, 1, DEFAULT
	StatsAutoRecalc          string // 0, 1, DEFAULT
	StatsSamplePages         string // a number, DEFAULT
	InsertMethod             string // MERGE tables
	Union                    []schema.ID
	Connection               string
	DataDirectory            string
	IndexDirectory           string
	Tablespace               string
	AutoextendSize           string
	SecondaryEngine          string // MySQL 8.0
	EngineAttribute          string // MySQL 8.0.21, JSON
	SecondaryEngineAttribute string

	// MariaDB.
	PageChecksum         string // 0, 1 (Aria)
	PageCompressed       string // 0, 1, OFF, ON
	PageCompressionLevel string
	Transactional        string // 0, 1 (Aria)
	Encrypted            string // YES, NO
	EncryptionKeyID      string
	WithSystemVersioning bool
	// SystemTime is the pair of columns of PERIOD FOR SYSTEM_TIME; nil if the
	// columns are the server's own hidden ones.
	SystemTime *Period
	// ApplicationTime is the one application-time period that a table may have.
	ApplicationTime *Period

	// TiDB.
	ShardRowIDBits  string
	PreSplitRegions string
	AutoIDCache     string
	AutoRandomBase  string
	PlacementPolicy string
	TTL             schema.Expr // `created` + INTERVAL 1 DAY
	TTLEnable       string      // ON, OFF
	TTLJobInterval  string

	// Options are all others, by name.
	Options []Option
}

// Period is a MariaDB period: its name, and the columns where it starts and ends.
type Period struct {
	Name       string
	Start, End schema.ID
}

func (t *Table) ID() schema.ID    { return t.Self }
func (t *Table) Owner() schema.ID { return schema.ID{} }

// Refs are the tables of a MERGE table's UNION, and the database, whose character
// set a new table inherits. The columns of a period and of a
// TTL are parts of the table and come with it; they are named only so that a
// rename reaches the table.
func (t *Table) Refs() []schema.Ref {
	refs := schema.Refer(exist(t.Union...), schema.Late, DatabaseID)
	for _, p := range []*Period{t.SystemTime, t.ApplicationTime} {
		if p != nil {
			refs = schema.Refer(refs, schema.Late, p.Start, p.End)
		}
	}
	for _, r := range t.TTL.Refs {
		refs = schema.Refer(refs, schema.Late, r.To)
	}
	return refs
}

// Claims: tables, views and sequences share their names.
func (t *Table) Claims() []string { return claim("relation", t.Self) }
