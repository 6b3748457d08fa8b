package myparse

import "strings"

// charsetName is the server's name of a character set: utf8 is an alias of utf8mb3
// (which servers before MySQL 8.0.30 and MariaDB 10.6 printed as utf8).
func charsetName(name string) string {
	name = strings.ToLower(name)
	if name == "utf8" {
		return "utf8mb3"
	}
	return name
}

// collation is the server's name of a collation, with utf8mb3 written in full.
func collation(name string) string {
	name = strings.ToLower(name)
	if strings.HasPrefix(name, "utf8_") {
		return "utf8mb3" + name[4:]
	}
	return name
}

// charsetOf is the character set that a collation belongs to: its name begins
// with it. MariaDB's uca1400 collations, written without one, have none of
// their own.
func charsetOf(collation string) string {
	if collation == "" || strings.HasPrefix(collation, "uca1400_") {
		return ""
	}
	set, _, _ := strings.Cut(collation, "_")
	return set
}

// CharsetOf is the character set that a collation belongs to; empty for the
// collations of MariaDB that fit several (uca1400_*).
func CharsetOf(collation string) string { return charsetOf(collation) }

// Charset is the server's name of a character set, an alias resolved.
func Charset(name string) string { return charsetName(name) }

// Collation is the server's name of a collation, an alias resolved.
func Collation(name string) string { return collation(name) }

// engines are the storage engines in the server's spelling.
var engines = [...]string{"InnoDB", "MyISAM", "MEMORY", "CSV", "ARCHIVE", "BLACKHOLE", "FEDERATED", "MRG_MyISAM", "ndbcluster",
	"Aria", "ColumnStore", "CONNECT", "MyRocks", "ROCKSDB", "S3", "SEQUENCE", "Spider", "TokuDB", "Mroonga", "OQGRAPH", "SphinxSE", "EXAMPLE", "PERFORMANCE_SCHEMA"}

// engineName is the server's spelling of an engine or of an alias.
func engineName(name string) string {
	switch strings.ToUpper(name) {
	case "HEAP":
		return "MEMORY"
	case "MERGE":
		return "MRG_MyISAM"
	case "NDB":
		return "ndbcluster"
	case "INNOBASE":
		return "InnoDB"
	}
	for _, e := range engines {
		if strings.EqualFold(e, name) {
			return e
		}
	}
	return name
}

// EngineName is the server's spelling of an engine or of an alias.
func EngineName(name string) string { return engineName(name) }
