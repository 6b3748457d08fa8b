package mysql

import "github.com/trueup-sql/trueup/dialects/dialect"

// Flavors of a [dialect.Target].
const (
	flavorMySQL   = "mysql"
	flavorMariaDB = "mariadb"
	flavorTiDB    = "tidb"
)

// features are what one server can do, or does differently. Nothing else in
// this package asks for a flavor or a version.
type features struct {
	// How it shows things.

	defaultsAsSQL   bool   // COLUMNS.COLUMN_DEFAULT is SQL (MariaDB 10.2.7), not a bare value
	columnChecks    bool   // a column's CHECK stays with the column (MariaDB)
	checkTable      bool   // CHECK_CONSTRAINTS has TABLE_NAME (MariaDB)
	checkLevel      bool   // .. and LEVEL (MariaDB 10.5.10)
	viewAlgorithm   bool   // VIEWS.ALGORITHM (MariaDB)
	integerWidths   bool   // display widths of integers are kept (MariaDB; MySQL before 8.0.19)
	showsNoAction   bool   // ON DELETE NO ACTION is kept and RESTRICT is nothing (MariaDB); else the other way round
	jsonIsText      bool   // JSON is LONGTEXT with a check (MariaDB)
	clusteredIndex  bool   // TIDB_INDEXES.CLUSTERED, and other things of TiDB
	indexExprs      bool   // STATISTICS.EXPRESSION (MySQL 8.0.13, TiDB)
	indexVisible    string // the column of STATISTICS that hides an index, "" if there is none
	srsID           string // COLUMNS.SRS_ID, "" if there is none
	sequences       bool   // MariaDB 10.3
	geometryColumns bool   // GEOMETRY_COLUMNS holds the SRID (MariaDB)
	systemVersioned bool   // MariaDB 10.3
	databaseComment bool   // MariaDB 10.5
	innodbForeign   bool   // INNODB_SYS_FOREIGN (MariaDB; from 12.1 on, the names in it are others)
	listDefault     bool   // the default LIST partition is shown as VALUES IN (0) (MariaDB)

	basicMetadata bool // comments and the values of ENUM and SET are utf8mb3, and lose what that lacks (MariaDB)

	rowIDs bool // generated invisible primary keys (MySQL 8.0.30)

	// What it can do.

	checks            bool // MySQL 8.0.16, MariaDB 10.2.1
	notEnforced       bool // CHECK .. NOT ENFORCED (MySQL 8.0.16)
	descending        bool // keys in descending order (MySQL 8.0, MariaDB 10.8)
	renameColumn      bool // RENAME COLUMN (MySQL 8.0, MariaDB 10.5.2)
	renameIndex       bool // RENAME INDEX (MySQL 5.7, MariaDB 10.5.2)
	renameKeepsExprs  bool // expressions follow a renamed column (MariaDB)
	orReplace         bool // CREATE OR REPLACE of triggers, routines and events (MariaDB 10.1)
	dropConstraint    bool // DROP CONSTRAINT (MySQL 8.0.19, MariaDB 10.2)
	ignoredIndex      bool // the word is IGNORED (MariaDB 10.6), not INVISIBLE
	expressionDefault bool // MySQL 8.0.13, MariaDB 10.2.1
	generatedNotNull  bool // generated columns can be declared NOT NULL (not MariaDB)
	spatialRefSystem  bool // the word is REF_SYSTEM_ID (MariaDB), not SRID
	temporaryProof    bool // CREATE TEMPORARY TABLE shows expressions as a real table does
	combinedAlter     bool // several changes in one ALTER TABLE (not TiDB, as a rule)
	seconds           bool // max_statement_time in seconds (MariaDB), not max_execution_time in ms
}

// featuresOf knows the servers.
func featuresOf(t dialect.Target) features {
	v := t.Version
	if v == 0 {
		v = 999999
	}
	switch t.Flavor {
	case flavorMariaDB:
		f := features{
			defaultsAsSQL: v >= 100207, columnChecks: true, checkTable: true, checkLevel: v >= 100510,
			viewAlgorithm: true, integerWidths: true, showsNoAction: true, jsonIsText: true, listDefault: true, basicMetadata: true,
			sequences: v >= 100300, geometryColumns: true, systemVersioned: v >= 100300, innodbForeign: v < 120100, databaseComment: v >= 100500,
			checks: v >= 100201, descending: v >= 100800,
			renameColumn: v >= 100502, renameIndex: v >= 100502, renameKeepsExprs: true, orReplace: v >= 100104,
			dropConstraint: true, ignoredIndex: true, expressionDefault: v >= 100201,
			spatialRefSystem: true, temporaryProof: true, combinedAlter: true, seconds: true,
		}
		if v >= 100600 {
			f.indexVisible = "IGNORED"
		}
		return f
	case flavorTiDB: // t.Version is TiDB's own; it speaks as MySQL 8.0.11
		return features{
			indexExprs: true, indexVisible: "IS_VISIBLE", clusteredIndex: true, generatedNotNull: true, checks: v >= 70200, notEnforced: true,
			renameColumn: true, renameIndex: true, dropConstraint: true, expressionDefault: true,
		}
	}
	f := features{
		integerWidths: v < 80019, showsNoAction: v < 80000, checks: v >= 80016, notEnforced: v >= 80016, descending: v >= 80000,
		renameColumn: v >= 80000, renameIndex: v >= 50700, dropConstraint: v >= 80019,
		expressionDefault: v >= 80013, indexExprs: v >= 80013, temporaryProof: true, combinedAlter: true,
		generatedNotNull: true, rowIDs: v >= 80030,
	}
	if v >= 80000 {
		f.indexVisible, f.srsID = "IS_VISIBLE", "SRS_ID"
	}
	return f
}
