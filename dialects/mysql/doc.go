// Package mysql is the dialect of MySQL, MariaDB and TiDB: it connects, reads
// information_schema, brings catalogs into the form that a target would show,
// and writes steps as SQL.
//
// What is the same for all stages of one kind of object has the kind's name in
// its file's name (inspect_column.go, normalize_column.go, column.go for the
// SQL). server.go is the only file that tells MySQL, MariaDB and TiDB apart, by
// capability. The package must not know a grammar (that is package myparse), nor
// another dialect.
//
// Run on a live server: MariaDB 10.11. MySQL 8.0 and 8.4, other MariaDB
// releases and TiDB are written after their manuals and tested offline.
package mysql
