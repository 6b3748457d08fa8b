package pgparse

import (
	"slices"

	pg_query "github.com/pganalyze/pg_query_go/v5"

	"github.com/trueup-sql/trueup/schema/pg"
)

func (r *reader) createPolicy(s *pg_query.CreatePolicyStmt) error {
	table, err := r.existing(s.Table)
	if err != nil {
		return err
	}
	p := &pg.Policy{Table: table, Name: s.PolicyName, Restrictive: !s.Permissive, Command: s.CmdName}
	if p.Roles, err = r.roles(s.Roles); err != nil {
		return err
	}
	if s.Qual != nil {
		p.Using = r.expr(s.Qual)
	}
	if s.WithCheck != nil {
		p.Check = r.expr(s.WithCheck)
	}
	return r.add(p, -1)
}

func (r *reader) alterPolicy(s *pg_query.AlterPolicyStmt) error {
	table, err := r.existing(s.Table)
	if err != nil {
		return err
	}
	p, err := part[*pg.Policy](r, pg.KindPolicy, table, s.PolicyName)
	if err != nil {
		return err
	}
	if len(s.Roles) > 0 {
		roles, err := r.roles(s.Roles)
		if err != nil {
			return err
		}
		p.Roles = roles
	}
	if s.Qual != nil {
		p.Using = r.expr(s.Qual)
	}
	if s.WithCheck != nil {
		p.Check = r.expr(s.WithCheck)
	}
	return nil
}

// roles reads a policy's TO, sorted; PUBLIC takes all others in.
func (r *reader) roles(list []*pg_query.Node) ([]string, error) {
	var out []string
	for _, n := range list {
		name, public, err := r.role(n.GetRoleSpec())
		if err != nil {
			return nil, err
		}
		if public {
			return []string{"public"}, nil
		}
		out = append(out, name)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// role is the name that a role specification means; "public" for PUBLIC.
func (r *reader) role(s *pg_query.RoleSpec) (name string, public bool, err error) {
	switch s.GetRoletype() {
	case pg_query.RoleSpecType_ROLESPEC_CSTRING:
		return s.Rolename, false, nil
	case pg_query.RoleSpecType_ROLESPEC_PUBLIC:
		return "public", true, nil
	}
	if r.User == "" {
		return "", false, r.errorf(s.GetLocation(), "write the role's name", "who CURRENT_USER is depends on who runs this")
	}
	return r.User, false, nil
}
