package postgres

import (
	"slices"
	"strings"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/pg"
)

// privilegeLetters are the letters of an aclitem.
var privilegeLetters = map[byte]string{'r': "SELECT", 'w': "UPDATE", 'a': "INSERT", 'd': "DELETE", 'D': "TRUNCATE", 'x': "REFERENCES",
	't': "TRIGGER", 'm': "MAINTAIN", 'X': "EXECUTE", 'U': "USAGE", 'C': "CREATE", 'c': "CONNECT", 'T': "TEMPORARY"}

// grants are what one grantee has, from all grantors.
type grants struct {
	grantee          string // empty for PUBLIC
	names, grantable []string
	by               []pg.GrantedBy
}

// readACL merges the items of an access control list by grantee, in the order
// of their first appearance.
func readACL(items []string) []*grants {
	var out []*grants
	for _, item := range items {
		grantee, letters, grantor := splitACL(item)
		i := slices.IndexFunc(out, func(g *grants) bool { return g.grantee == grantee })
		if i < 0 {
			i = len(out)
			out = append(out, &grants{grantee: grantee})
		}
		g := out[i]
		by := pg.GrantedBy{Role: grantor}
		for k := 0; k < len(letters); k++ {
			name := privilegeLetters[letters[k]]
			g.names, by.Names = append(g.names, name), append(by.Names, name)
			if k+1 < len(letters) && letters[k+1] == '*' {
				g.grantable = append(g.grantable, name)
				k++
			}
		}
		g.by = append(g.by, by)
	}
	for _, g := range out {
		g.names, g.grantable = sorted(g.names), sorted(g.grantable)
	}
	return out
}

func sorted(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

// splitACL reads grantee=letters/grantor; names are quoted where they hold
// anything but letters, digits and underscores.
func splitACL(item string) (grantee, letters, grantor string) {
	grantee, rest := splitACLName(item, "=")
	letters, rest, _ = strings.Cut(strings.TrimPrefix(rest, "="), "/")
	grantor, _ = splitACLName(rest, "")
	return grantee, letters, grantor
}

// splitACLName cuts a name off, which ends at the mark if it is not quoted.
func splitACLName(s, end string) (name, rest string) {
	if !strings.HasPrefix(s, `"`) {
		if i := strings.Index(s, end); end != "" && i >= 0 {
			return s[:i], s[i:]
		}
		return s, ""
	}
	var b strings.Builder
	i := 1
	for ; i < len(s); i++ {
		if s[i] == '"' {
			if i+1 >= len(s) || s[i+1] != '"' {
				break
			}
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String(), s[min(i+1, len(s)):]
}

// others names the owner "" among the grantors; none if it is the only one.
func others(by []pg.GrantedBy, owner string) []pg.GrantedBy {
	found := false
	for i := range by {
		if by[i].Role == owner {
			by[i].Role = ""
		} else {
			found = true
		}
	}
	if !found {
		return nil
	}
	return by
}

// granted adds what an access control list says beyond the built-in default;
// has is false for an object whose privileges nobody has touched.
func (in *inspection) granted(id, relation schema.ID, owner string, acl []string, has bool, root schema.ID) {
	if !has {
		return
	}
	list := readACL(acl)
	for _, implied := range [...]string{"", owner} { // a missing one has had everything revoked
		if !slices.ContainsFunc(list, func(g *grants) bool { return g.grantee == implied }) {
			list = append(list, &grants{grantee: implied})
		}
	}
	slices.SortFunc(list, func(a, b *grants) int { return strings.Compare(a.grantee, b.grantee) })
	for _, g := range list {
		p := &pg.Privilege{Target: id, Relation: relation, Grantee: g.grantee, Names: g.names, Grantable: g.grantable, By: others(g.by, owner)}
		if g.grantee == "" {
			p.Grantee, p.Public, p.Grantable = "public", true, nil
		}
		if !p.Builtin(owner, in.version) {
			in.add(p, root)
		}
	}
}

// owned adds the owner if it is not the session's user.
func (in *inspection) owned(id schema.ID, owner string, root schema.ID) {
	if owner != in.user {
		in.add(&pg.Ownership{Target: id, Role: owner}, root)
	}
}

// defaultTargets are pg_default_acl.defaclobjtype.
var defaultTargets = map[byte]string{'r': "tables", 'S': "sequences", 'f': "functions", 'T': "types", 'n': "schemas"}

func (in *inspection) readDefaultPrivileges() []query {
	sql := `SELECT pg_get_userbyid(defaclrole), defaclnamespace, defaclobjtype, defaclacl FROM pg_default_acl ORDER BY 1, 2, 3`
	return []query{{sql, func(r row) error {
		role, ns, on := r.text(0), in.namespaces[r.oid(1)], defaultTargets[r.char(2)]
		if r.oid(1) != 0 && !ns.managed || on == "" {
			return nil
		}
		list := readACL(r.array(3))
		if ns.name == "" { // relative to the built-in default, in which these have a part
			for _, implied := range [...]string{"", role} {
				if !slices.ContainsFunc(list, func(g *grants) bool { return g.grantee == implied }) {
					list = append(list, &grants{grantee: implied})
				}
			}
		}
		slices.SortFunc(list, func(a, b *grants) int { return strings.Compare(a.grantee, b.grantee) })
		for _, g := range list {
			p := &pg.DefaultPrivilege{Role: role, Schema: ns.name, On: on, Grantee: g.grantee, Names: g.names, Grantable: g.grantable}
			if g.grantee == "" {
				p.Grantee, p.Public, p.Grantable = "public", true, nil
			}
			if !p.Builtin(in.version) {
				in.add(p, p.ID())
			}
		}
		return nil
	}}}
}
