// Package pg is the model of a PostgreSQL database: plain structs in the words
// of pg_catalog and of the manual, one file per kind of object.
//
// It must not know how objects are read or written: no parser, no driver, no
// SQL but what single properties hold as text.
package pg

import "github.com/trueup-sql/trueup/schema"

// Kinds of objects, by the words that SQL commands use for them, in lower case.
const (
	KindSchema           schema.Kind = "schema"
	KindExtension        schema.Kind = "extension"
	KindLanguage         schema.Kind = "language"
	KindCollation        schema.Kind = "collation"
	KindEnum             schema.Kind = "enum"
	KindComposite        schema.Kind = "composite type"
	KindDomain           schema.Kind = "domain"
	KindRange            schema.Kind = "range"
	KindDomainConstraint schema.Kind = "domain constraint"
	KindFunction         schema.Kind = "function"
	KindProcedure        schema.Kind = "procedure"
	KindAggregate        schema.Kind = "aggregate"
	KindOperator         schema.Kind = "operator"
	KindOperatorFamily   schema.Kind = "operator family"
	KindOperatorClass    schema.Kind = "operator class"
	KindCast             schema.Kind = "cast"
	KindTSDictionary     schema.Kind = "text search dictionary"
	KindTSConfiguration  schema.Kind = "text search configuration"
	KindTSTemplate       schema.Kind = "text search template"
	KindTSParser         schema.Kind = "text search parser"
	KindSequence         schema.Kind = "sequence"
	KindTable            schema.Kind = "table"
	KindColumn           schema.Kind = "column"
	KindDefault          schema.Kind = "default"
	KindSequenceOwner    schema.Kind = "sequence owner"
	KindConstraint       schema.Kind = "constraint"
	KindValidation       schema.Kind = "validation"
	KindIndex            schema.Kind = "index"
	KindStatistics       schema.Kind = "statistics"
	KindView             schema.Kind = "view"
	KindMaterializedView schema.Kind = "materialized view"
	KindRule             schema.Kind = "rule"
	KindTrigger          schema.Kind = "trigger"
	KindPolicy           schema.Kind = "policy"
	KindEventTrigger     schema.Kind = "event trigger"
	KindPublication      schema.Kind = "publication"
	KindOwner            schema.Kind = "owner"
	KindPrivilege        schema.Kind = "privilege"
	KindDefaultPrivilege schema.Kind = "default privilege"
	KindComment          schema.Kind = "comment"
)

// Kinds lists all kinds in the order in which a reader wants to see them.
// Tables in other packages that need an entry for every kind are arrays of
// this length, so that a new kind does not compile until all of them have it.
var Kinds = [...]schema.Kind{
	KindSchema, KindExtension, KindLanguage, KindCollation,
	KindEnum, KindComposite, KindDomain, KindRange, KindDomainConstraint,
	KindFunction, KindProcedure, KindAggregate, KindOperator, KindOperatorFamily, KindOperatorClass, KindCast,
	KindTSDictionary, KindTSConfiguration, KindTSTemplate, KindTSParser,
	KindSequence, KindTable, KindColumn, KindDefault, KindSequenceOwner, KindConstraint, KindValidation, KindIndex, KindStatistics,
	KindView, KindMaterializedView, KindRule, KindTrigger, KindPolicy, KindEventTrigger, KindPublication,
	KindOwner, KindPrivilege, KindDefaultPrivilege, KindComment,
}

// SchemaID is the ID of a schema; the zero ID for "".
func SchemaID(name string) schema.ID {
	if name == "" {
		return schema.ID{}
	}
	return schema.ID{Kind: KindSchema, Name: name}
}

// Part is the ID of something that lives in a relation: a column, a trigger,
// a policy, a rule, a constraint.
func Part(kind schema.Kind, relation schema.ID, name string) schema.ID {
	return schema.ID{Kind: kind, Schema: relation.Schema, Parent: relation.Name, Name: name}
}

// ColumnID is the ID of a relation's column.
func ColumnID(relation schema.ID, name string) schema.ID { return Part(KindColumn, relation, name) }

// relationClaim is the name in the namespace that tables, views, sequences,
// indexes and composite types of one schema share (pg_class).
func relationClaim(s, name string) string { return "relation " + s + "." + name }

// RelationClaim is the claim of a relation that is no object of a catalog.
func RelationClaim(s, name string) string { return relationClaim(s, name) }

// typeClaim is the name in pg_type; a table or view claims one, too.
func typeClaim(s, name string) string { return "type " + s + "." + name }

// routineClaim: functions, procedures and aggregates share pg_proc.
func routineClaim(id schema.ID) string {
	return "routine " + id.Schema + "." + id.Name + "(" + id.Args + ")"
}
