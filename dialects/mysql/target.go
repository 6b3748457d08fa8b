package mysql

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/trueup-sql/trueup/dialects/dialect"
)

// Settings of a [dialect.Target], by the names of the system variables. Those
// that a target leaves out have the flavor's built-in value.
const (
	settingDatabase     = "database" // the managed database's name
	settingCharset      = "character_set_database"
	settingCollation    = "collation_database"
	settingEngine       = "default_storage_engine"
	settingLowerCase    = "lower_case_table_names"
	settingTimestamp    = "explicit_defaults_for_timestamp"
	settingSQLMode      = "sql_mode"
	settingUser         = "current_user" // user@host
	settingForeignKeys  = "foreign_key_checks"
	settingTimeZone     = "time_zone"
	settingHistory      = "system_versioning_alter_history"
	settingConnection   = "collation_connection"     // of a session of ours
	settingCollationSet = "character_set_collations" // MariaDB 11: utf8mb4=uca1400_ai_ci,..
	settingPageChecksum = "aria_page_checksum"       // MariaDB
	settingRowFormat    = "innodb_default_row_format"
	settingClustered    = "tidb_enable_clustered_index"
	settingRequireKey   = "sql_require_primary_key" // MySQL 8.0.13
	// collationOf + charset is the default collation of a character set.
	collationOf = "default_collation."
)

var variables = []string{
	"version", "version_comment", settingCharset, settingCollation, settingEngine, settingLowerCase, settingTimestamp,
	settingSQLMode, settingForeignKeys, settingTimeZone, settingConnection, settingHistory, settingCollationSet, settingRowFormat, settingPageChecksum, settingClustered, settingRequireKey, "default_collation_for_utf8mb4",
	"read_only", "transaction_read_only",
}

// readTarget asks the server what it is, and what new objects inherit from it.
func readTarget(ctx context.Context, db *sql.DB) (dialect.Target, error) {
	t := dialect.Target{Settings: map[string]string{}}
	rows, err := query(ctx, db, "SHOW VARIABLES WHERE Variable_name IN ("+literals(variables)+")")
	if err != nil {
		return t, err
	}
	for _, r := range rows {
		t.Settings[strings.ToLower(r[0].String)] = r[1].String
	}
	rows, err = query(ctx, db, "SELECT DATABASE(), CURRENT_USER()")
	if err != nil {
		return t, err
	}
	t.Settings[settingDatabase], t.Settings[settingUser] = rows[0][0].String, rows[0][1].String
	rows, err = query(ctx, db, "SELECT CHARACTER_SET_NAME, DEFAULT_COLLATE_NAME FROM information_schema.CHARACTER_SETS")
	if err != nil {
		return t, err
	}
	for _, r := range rows {
		t.Settings[collationOf+utf8mb3(r[0].String)] = utf8mb3(r[1].String)
	}
	if c := t.Settings["default_collation_for_utf8mb4"]; c != "" {
		t.Settings[collationOf+"utf8mb4"] = c
	}
	for pair := range strings.SplitSeq(t.Settings[settingCollationSet], ",") {
		if cs, c, ok := strings.Cut(strings.TrimSpace(pair), "="); ok {
			t.Settings[collationOf+utf8mb3(cs)] = fullCollation(utf8mb3(cs), c)
		}
	}
	t.Flavor, t.Version, err = parseVersion(t.Settings["version"])
	return t, err
}

// parseVersion reads VERSION(): 8.0.36-0ubuntu, 10.11.6-MariaDB-1, 5.5.5-10.4.2-MariaDB,
// 8.0.11-TiDB-v7.5.0.
func parseVersion(s string) (flavor string, version int, err error) {
	flavor, number := flavorMySQL, s
	lower := strings.ToLower(s)
	if _, after, ok := strings.Cut(lower, "tidb-v"); ok {
		flavor, number = flavorTiDB, after
	} else if strings.Contains(lower, "mariadb") {
		flavor, number = flavorMariaDB, strings.TrimPrefix(lower, "5.5.5-")
	}
	number, _, _ = strings.Cut(number, "-")
	for i, weight := range []int{10000, 100, 1} {
		parts := strings.SplitN(number, ".", 4)
		if i >= len(parts) {
			break
		}
		n, err := strconv.Atoi(parts[i])
		if err != nil {
			return "", 0, fmt.Errorf("cannot read the server's version %q", s)
		}
		version += n * weight
	}
	return flavor, version, nil
}

// completed fills in what a target leaves out.
func completed(t dialect.Target) dialect.Target {
	out := dialect.Target{Flavor: t.Flavor, Version: t.Version, Settings: map[string]string{}}
	if out.Flavor == "" {
		out.Flavor = flavorMySQL
	}
	f := featuresOf(out)
	builtin := map[string]string{settingEngine: "InnoDB", settingLowerCase: "0", settingTimestamp: "ON", settingForeignKeys: "ON",
		settingSQLMode: "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"}
	switch {
	case out.Flavor == flavorTiDB:
		builtin[settingCharset], builtin[settingCollation], builtin[settingClustered] = "utf8mb4", "utf8mb4_bin", "ON"
	case out.Flavor == flavorMariaDB:
		builtin[settingHistory] = "ERROR"
		builtin[settingSQLMode] = "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION"
		builtin[settingCharset], builtin[settingCollation] = "utf8mb4", "utf8mb4_general_ci"
		if v := out.Version; v == 0 || v >= 110500 {
			builtin[settingCollation] = "utf8mb4_uca1400_ai_ci"
		}
		if v := out.Version; v != 0 && v < 101000 {
			builtin[settingTimestamp] = "OFF"
		}
	case f.integerWidths && out.Version < 80000:
		builtin[settingCharset], builtin[settingCollation], builtin[settingTimestamp] = "latin1", "latin1_swedish_ci", "OFF"
	default:
		builtin[settingCharset], builtin[settingCollation] = "utf8mb4", "utf8mb4_0900_ai_ci"
	}
	for k, v := range builtin {
		out.Settings[k] = v
	}
	for cs, c := range builtinCollations {
		out.Settings[collationOf+cs] = c
	}
	if out.Flavor == flavorTiDB {
		for _, cs := range []string{"ascii", "latin1", "utf8mb3", "utf8mb4"} {
			out.Settings[collationOf+cs] = binaryCollation(cs)
		}
	}
	if cs := builtin[settingCharset]; cs == "utf8mb4" {
		out.Settings[collationOf+cs] = builtin[settingCollation]
	}
	if t.Settings[settingCharset] != "" { // one given without the other
		delete(out.Settings, settingCollation)
	}
	for k, v := range t.Settings {
		out.Settings[k] = v
	}
	out.Settings[settingCharset] = utf8mb3(out.Settings[settingCharset])
	if out.Settings[settingCollation] == "" {
		out.Settings[settingCollation] = out.Settings[collationOf+out.Settings[settingCharset]]
	}
	out.Settings[settingCollation] = utf8mb3(out.Settings[settingCollation])
	return out
}
