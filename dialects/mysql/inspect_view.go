package mysql

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/trueup-sql/trueup/schema"
	"github.com/trueup-sql/trueup/schema/my"
)

// readViews reads information_schema.VIEWS. It lacks the character sets of the
// texts in a query (_utf8mb4'x'), and on MySQL a view's ALGORITHM; of views where
// that matters, SHOW CREATE VIEW is asked.
func (r *inspection) readViews(ctx context.Context, q querier) error {
	if !r.hasViews {
		return nil
	}
	algorithm := "NULL"
	if r.viewAlgorithm {
		algorithm = "ALGORITHM"
	}
	type view struct {
		name, ddl, collation string
		texts, incomplete    bool
	}
	var views []view
	text := "SELECT TABLE_NAME, VIEW_DEFINITION, CHECK_OPTION, DEFINER, SECURITY_TYPE, " + algorithm + ", COLLATION_CONNECTION FROM information_schema.VIEWS WHERE TABLE_SCHEMA = " + r.database
	err := each(ctx, q, text, func(f row) {
		if f[1].String == "" { // SHOW VIEW is missing
			r.leave(schema.ID{Kind: my.KindView, Name: f[0].String}, "its definition cannot be read (the user lacks SHOW VIEW); it is left alone")
			return
		}
		s := "CREATE"
		if f[5].String != "" {
			s += " ALGORITHM=" + f[5].String
		}
		s += " DEFINER=" + account(f[3].String) + " SQL SECURITY " + f[4].String + " VIEW " + quote(f[0].String) + " AS " + unqualified(f[1].String, r.setting(settingDatabase))
		if f[2].String != "" && f[2].String != "NONE" {
			s += " WITH " + f[2].String + " CHECK OPTION"
		}
		texts := strings.Contains(f[1].String, "'")
		views = append(views, view{f[0].String, s, f[6].String, texts, texts || !r.viewAlgorithm})
	})
	if err != nil {
		return err
	}
	slices.SortFunc(views, func(a, b view) int { return strings.Compare(a.name, b.name) })
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(connections)
	for i := range views {
		if views[i].incomplete {
			g.Go(func() error {
				return each(gctx, q, "SHOW CREATE VIEW "+quote(views[i].name), func(f row) { views[i].ddl = f[1].String })
			})
		}
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, v := range views {
		set := "SET collation_connection = DEFAULT"
		if v.texts && v.collation != "" {
			set = "SET collation_connection = " + v.collation
		}
		r.views = append(r.views, set, v.ddl)
	}
	return nil
}

// account writes user@host, or a MariaDB role, as in DEFINER=`user`@`host`. The
// host is behind the last @.
func account(s string) string {
	switch i := strings.LastIndexByte(s, '@'); {
	case s == "CURRENT_USER" || s == "CURRENT_ROLE":
		return s
	case i < 0:
		return quote(s)
	default:
		return quote(s[:i]) + "@" + quote(s[i+1:])
	}
}

// unqualified takes the managed database's name off the names in a query, where
// information_schema shows it and SHOW CREATE VIEW does not.
func unqualified(query, database string) string {
	name := quote(database) + "."
	var b strings.Builder
	for i := 0; i < len(query); {
		end := i
		if strings.HasPrefix(query[i:], name) && (i == 0 || query[i-1] != '.') {
			i += len(name)
			end = i
			if i >= len(query) {
				break
			}
		}
		end++
		if q := query[i]; q == '\'' || q == '`' || q == '"' {
			for end < len(query) && query[end] != q {
				if query[end] == '\\' && q != '`' {
					end++
				}
				end++
			}
			end = min(end+1, len(query))
		}
		b.WriteString(query[i:end])
		i = end
	}
	return b.String()
}
