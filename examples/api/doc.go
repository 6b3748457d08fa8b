// Package api shows trueup from a program: plan, apply, and compare, and in a
// test suite, that the database has the schema of schema.sql. Its tests are the
// examples.
//
// The steps are those of the command line: package parser loads the files,
// package dialects finds the dialect of a URL and connects, package dialect
// plans and applies, and a plan of package planner holds statements as data:
// SQL, the object it is about, locks, hazards. Nothing prints or exits.
package api
