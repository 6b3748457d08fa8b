package pgparse

import pg_query "github.com/pganalyze/pg_query_go/v5"

// dispatchObject is dispatch for the statements about anything but tables. It
// returns false for a statement that it does not know.
func (r *reader) dispatchObject(n *pg_query.Node) (bool, error) {
	switch s := n.GetNode().(type) {
	// Types.
	case *pg_query.Node_CreateEnumStmt:
		return true, r.createEnum(s.CreateEnumStmt)
	case *pg_query.Node_AlterEnumStmt:
		return true, r.alterEnum(s.AlterEnumStmt)
	case *pg_query.Node_CompositeTypeStmt:
		return true, r.createComposite(s.CompositeTypeStmt)
	case *pg_query.Node_CreateRangeStmt:
		return true, r.createRange(s.CreateRangeStmt)
	case *pg_query.Node_CreateDomainStmt:
		return true, r.createDomain(s.CreateDomainStmt)
	case *pg_query.Node_AlterDomainStmt:
		return true, r.alterDomain(s.AlterDomainStmt)
	case *pg_query.Node_AlterTypeStmt:
		return true, r.alterType(s.AlterTypeStmt)
	case *pg_query.Node_DefineStmt:
		return true, r.define(s.DefineStmt)

	// Routines, operators, casts.
	case *pg_query.Node_CreateFunctionStmt:
		return true, r.createFunction(s.CreateFunctionStmt)
	case *pg_query.Node_AlterFunctionStmt:
		return true, r.alterFunction(s.AlterFunctionStmt)
	case *pg_query.Node_AlterOperatorStmt:
		return true, r.alterOperator(s.AlterOperatorStmt)
	case *pg_query.Node_CreateOpClassStmt:
		return true, r.createOperatorClass(s.CreateOpClassStmt)
	case *pg_query.Node_CreateOpFamilyStmt:
		return true, r.createOperatorFamily(s.CreateOpFamilyStmt)
	case *pg_query.Node_AlterOpFamilyStmt:
		return true, r.alterOperatorFamily(s.AlterOpFamilyStmt)
	case *pg_query.Node_CreateCastStmt:
		return true, r.createCast(s.CreateCastStmt)

	// Views, rules, triggers, policies.
	case *pg_query.Node_ViewStmt:
		return true, r.createView(s.ViewStmt)
	case *pg_query.Node_CreateTableAsStmt:
		return true, r.createMaterializedView(s.CreateTableAsStmt)
	case *pg_query.Node_RefreshMatViewStmt:
		return true, r.refreshMaterializedView(s.RefreshMatViewStmt)
	case *pg_query.Node_RuleStmt:
		return true, r.createRule(s.RuleStmt)
	case *pg_query.Node_CreateTrigStmt:
		return true, r.createTrigger(s.CreateTrigStmt)
	case *pg_query.Node_CreatePolicyStmt:
		return true, r.createPolicy(s.CreatePolicyStmt)
	case *pg_query.Node_AlterPolicyStmt:
		return true, r.alterPolicy(s.AlterPolicyStmt)
	}
	return r.dispatchDatabase(n)
}

// dispatchDatabase is dispatchObject for what belongs to no schema or to all
// kinds of objects.
func (r *reader) dispatchDatabase(n *pg_query.Node) (bool, error) {
	switch s := n.GetNode().(type) {
	case *pg_query.Node_CreateExtensionStmt:
		return true, r.createExtension(s.CreateExtensionStmt)
	case *pg_query.Node_AlterExtensionStmt:
		return true, r.alterExtension(s.AlterExtensionStmt)
	case *pg_query.Node_AlterExtensionContentsStmt:
		return true, r.alterExtensionContents(s.AlterExtensionContentsStmt)
	case *pg_query.Node_CreatePlangStmt:
		return true, r.createLanguage(s.CreatePlangStmt)
	case *pg_query.Node_AlterCollationStmt:
		return true, r.alterCollation(s.AlterCollationStmt)
	case *pg_query.Node_CreateEventTrigStmt:
		return true, r.createEventTrigger(s.CreateEventTrigStmt)
	case *pg_query.Node_AlterEventTrigStmt:
		return true, r.alterEventTrigger(s.AlterEventTrigStmt)
	case *pg_query.Node_AlterTsconfigurationStmt:
		return true, r.alterTSConfiguration(s.AlterTsconfigurationStmt)
	case *pg_query.Node_AlterTsdictionaryStmt:
		return true, r.alterTSDictionary(s.AlterTsdictionaryStmt)
	case *pg_query.Node_CreatePublicationStmt:
		return true, r.createPublication(s.CreatePublicationStmt)
	case *pg_query.Node_AlterPublicationStmt:
		return true, r.alterPublication(s.AlterPublicationStmt)

	// What every kind of object has.
	case *pg_query.Node_CommentStmt:
		return true, r.comment(s.CommentStmt)
	case *pg_query.Node_AlterOwnerStmt:
		return true, r.alterOwner(s.AlterOwnerStmt)
	case *pg_query.Node_GrantStmt:
		return true, r.grant(s.GrantStmt)
	case *pg_query.Node_AlterDefaultPrivilegesStmt:
		return true, r.alterDefaultPrivileges(s.AlterDefaultPrivilegesStmt)
	case *pg_query.Node_GrantRoleStmt:
		return true, r.grantRole(s.GrantRoleStmt)
	case *pg_query.Node_SecLabelStmt:
		return true, r.securityLabel(s.SecLabelStmt)
	case *pg_query.Node_AlterObjectDependsStmt:
		return true, r.alterObjectDepends(s.AlterObjectDependsStmt)
	}
	return false, nil
}
