package pg

import "github.com/trueup-sql/trueup/schema"

// What every kind of object can have is an object of its own, so that it goes
// and comes back with its target by references alone.

// about makes the ID of an attribute of a target.
func about(kind schema.Kind, target schema.ID, name string) schema.ID {
	return schema.ID{Kind: kind, Schema: target.Schema, Parent: target.Parent, Name: target.Name,
		Args: words(string(target.Kind), target.Args, name)}
}

// attributeRefs: a target that is no object of the catalog (the column of a
// view) stands for its relation.
func attributeRefs(target, relation schema.ID) []schema.Ref {
	return schema.Refer(nil, schema.Exist, target, relation)
}

// Comment is a comment on an object.
type Comment struct {
	Target schema.ID
	// Relation is the view, materialized view or composite type if the target is
	// one of its columns.
	Relation schema.ID
	Text     string
}

func (c *Comment) ID() schema.ID      { return about(KindComment, c.Target, "") }
func (c *Comment) Owner() schema.ID   { return ownerOf(c.Target, c.Relation) }
func (c *Comment) Refs() []schema.Ref { return attributeRefs(c.Target, c.Relation) }

func ownerOf(target, relation schema.ID) schema.ID {
	if !relation.IsZero() {
		return relation
	}
	return target
}

// Ownership is the role that owns an object, where it is not the one that the
// session works as.
type Ownership struct {
	Target schema.ID
	Role   string
}

func (o *Ownership) ID() schema.ID      { return about(KindOwner, o.Target, "") }
func (o *Ownership) Owner() schema.ID   { return o.Target }
func (o *Ownership) Refs() []schema.Ref { return attributeRefs(o.Target, schema.ID{}) }

// Privilege is all that one grantee may do with one object (an aclitem). Where
// an object's privileges differ from the kind's built-in default, what the
// default would grant and is missing is a Privilege with no names in it.
type Privilege struct {
	Target   schema.ID
	Relation schema.ID // as Comment's; also set to the table for its columns
	Grantee  string    // "public" for everyone, with Public set
	Public   bool
	// Names are the privileges in upper case, sorted: SELECT, USAGE, ..
	Names []string
	// Grantable are those WITH GRANT OPTION, a subset of Names.
	Grantable []string
	// By tells the grantors apart, if there is another than the owner: only who
	// granted can revoke.
	By []GrantedBy `schema:"derived" json:"-"`
}

// GrantedBy is what one grantor has granted; no role means the owner.
type GrantedBy struct {
	Role  string
	Names []string
}

func (p *Privilege) ID() schema.ID {
	return about(KindPrivilege, p.Target, granteeName(p.Grantee, p.Public))
}
func (p *Privilege) Owner() schema.ID { return ownerOf(p.Target, p.Relation) }
func (p *Privilege) Refs() []schema.Ref {
	refs := attributeRefs(p.Target, p.Relation)
	if p.Target.Kind == KindColumn { // REVOKE on the relation revokes on its columns, too
		whole := &Privilege{Target: p.Relation, Grantee: p.Grantee, Public: p.Public}
		refs = schema.Refer(refs, schema.Late, whole.ID())
	}
	for _, by := range p.By { // who cannot do without the option to grant
		if by.Role != "" && by.Role != p.Grantee {
			refs = schema.Refer(refs, schema.Steady, (&Privilege{Target: p.Target, Grantee: by.Role}).ID())
		}
	}
	return refs
}

func granteeName(grantee string, public bool) string {
	if public {
		return "to PUBLIC"
	}
	return "to " + grantee
}

// DefaultPrivilege is one grantee's part of ALTER DEFAULT PRIVILEGES.
type DefaultPrivilege struct {
	Role      string // FOR ROLE
	Schema    string // IN SCHEMA; empty for all
	On        string // "tables", "sequences", "functions", "types", "schemas"
	Grantee   string
	Public    bool
	Names     []string
	Grantable []string
}

func (p *DefaultPrivilege) ID() schema.ID {
	return schema.ID{Kind: KindDefaultPrivilege, Schema: p.Schema, Name: p.Role, Args: words("on", p.On, granteeName(p.Grantee, p.Public))}
}
func (p *DefaultPrivilege) Owner() schema.ID { return schema.ID{} }
func (p *DefaultPrivilege) Refs() []schema.Ref {
	return schema.Refer(nil, schema.Exist, SchemaID(p.Schema))
}
