package mysql

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/go-sql-driver/mysql"
)

// privileges are what the session's user may do, with its active roles, as far
// as it decides what information_schema shows. nil allows everything.
type privileges struct {
	database string
	user     string
	// mariadb: MariaDB shows foreign keys only to those who have more than
	// SELECT on the table (10.11); MySQL 8 shows them with any privilege.
	mariadb bool
	grants  []grant
}

// grant is one line of SHOW GRANTS.
type grant struct {
	database, table string // empty for all of them
	names           []string
	// columns: each of the privileges is for some columns only.
	columns bool
	revoked bool // a partial revoke of MySQL 8
}

// readPrivileges reads SHOW GRANTS, which on both servers lists the user's own
// and those of the roles that are active, and no others.
func (b *bound) readPrivileges(ctx context.Context, q querier) (*privileges, error) {
	rows, err := query(ctx, q, "SHOW GRANTS")
	var refused *mysql.MySQLError
	if errors.As(err, &refused) || err == nil && len(rows) == 0 { // --skip-grant-tables: everything is allowed
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	p := &privileges{database: b.setting(settingDatabase), user: b.setting(settingUser), mariadb: b.jsonIsText}
	for _, r := range rows {
		if g, ok := parseGrant(r[0].String); ok && p.here(g.database) {
			p.grants = append(p.grants, g)
		}
	}
	return p, nil
}

var grantToken = regexp.MustCompile("`(?:[^`]|``)*`|'(?:[^'\\\\]|''|\\\\.)*'|[(),.*@]|[^\\s(),.*@`']+")

// parseGrant reads a line of SHOW GRANTS; what is not about tables or databases
// (roles, routines, proxies) gives none.
func parseGrant(line string) (g grant, ok bool) {
	t := grantToken.FindAllString(line, -1)
	at := func(i int) string {
		if i < len(t) {
			return t[i]
		}
		return ""
	}
	g.revoked = at(0) == "REVOKE"
	var words []string
	i, depth := 1, 0
	for ; i < len(t) && !(depth == 0 && t[i] == "ON"); i++ {
		switch {
		case t[i] == "(":
			depth++
			g.columns = true
		case t[i] == ")":
			depth--
		case depth > 0 || strings.HasPrefix(t[i], "`"):
		case t[i] == ",":
			g.names, words = append(g.names, strings.Join(words, " ")), nil
		default:
			words = append(words, t[i])
		}
	}
	g.names = append(g.names, strings.Join(words, " "))
	i++
	if at(i) == "TABLE" && at(i+1) != "." {
		i++
	}
	if at(i+1) != "." { // PROCEDURE p, PROXY, or no ON at all
		return grant{}, false
	}
	g.database, g.table = bareName(at(i)), bareName(at(i+2))
	return g, true
}

// bareName is a name of SHOW GRANTS without its quotes; "" for *.
func bareName(s string) string {
	if s == "*" {
		return ""
	}
	if len(s) > 1 && s[0] == '`' {
		return strings.ReplaceAll(s[1:len(s)-1], "``", "`")
	}
	return s
}

// here tells whether a grant's database, which can be a pattern as LIKE takes
// it, is the managed one.
func (p *privileges) here(pattern string) bool {
	if pattern == "" || strings.EqualFold(pattern, p.database) || pattern == "mysql" {
		return true
	}
	var re strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\' && i+1 < len(pattern):
			i++
			re.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
		case c == '%':
			re.WriteString(".*")
		case c == '_':
			re.WriteString(".")
		default:
			re.WriteString(regexp.QuoteMeta(string(c)))
		}
	}
	ok, err := regexp.MatchString("^(?i:"+re.String()+")$", p.database)
	return ok && err == nil
}

// has tells whether the user has one of these privileges on a table, or, without
// a table, on the whole database.
func (p *privileges) has(table string, names ...string) bool {
	return p.any(table, func(g grant) bool { return !g.columns && g.holds(names...) })
}

// any tells whether a grant that covers a table, or else the database, fits.
func (p *privileges) any(table string, fits func(grant) bool) bool {
	if p == nil {
		return true
	}
	found := false
	for _, g := range p.grants {
		covers := g.table == "" || table != "" && strings.EqualFold(g.table, table)
		if g.database == "mysql" && p.database != "mysql" || !covers || !fits(g) {
			continue
		}
		if g.revoked {
			return false
		}
		found = true
	}
	return found
}

// holds tells whether the grant has one of these privileges.
func (g grant) holds(names ...string) bool {
	return slices.ContainsFunc(g.names, func(n string) bool {
		return strings.HasPrefix(n, "ALL") || slices.Contains(names, n)
	})
}

// beyond tells whether the grant has more than these.
func (g grant) beyond(names ...string) bool {
	return slices.ContainsFunc(g.names, func(n string) bool { return !slices.Contains(names, n) })
}

// system tells whether the user may read a table of the database mysql.
func (p *privileges) system(table string) bool {
	for _, g := range p.grants {
		if (g.database == "" || g.database == "mysql") && (g.table == "" || g.table == table) && g.holds("SELECT") {
			return true
		}
	}
	return false
}
