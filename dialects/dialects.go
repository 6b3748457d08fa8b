// Package dialects is the list of all dialects, and the only package that
// imports every one of them.
package dialects

import (
	"context"
	"fmt"
	"strings"

	"github.com/trueup-sql/trueup/dialects/dialect"
	"github.com/trueup-sql/trueup/dialects/mysql"
	"github.com/trueup-sql/trueup/dialects/postgres"
	"github.com/trueup-sql/trueup/dialects/sqlite"
)

// all is the explicit list. The order matters only for targets that several
// could handle.
var all = []dialect.Dialect{
	postgres.Dialect{},
	mysql.Dialect{},
	sqlite.Dialect{},
}

// All lists the dialects.
func All() []dialect.Dialect { return all }

// flavors are names under which a dialect is known besides its own.
var flavors = map[string]string{"mariadb": "mysql", "tidb": "mysql", "postgresql": "postgres"}

// ByName finds a dialect: "postgres", "mysql" (or "mariadb", "tidb"), "sqlite".
func ByName(name string) (dialect.Dialect, error) {
	var known []string
	for _, d := range all {
		if d.Name() == name || d.Name() == flavors[name] {
			return d, nil
		}
		known = append(known, d.Name())
	}
	return nil, fmt.Errorf("unknown dialect %q: there are %s", name, strings.Join(known, ", "))
}

// ForTarget finds the dialect of a target: a URL, a path, a keyword string.
func ForTarget(target string) (dialect.Dialect, error) {
	for _, d := range all {
		if d.Handles(target) {
			return d, nil
		}
	}
	return nil, &TargetError{}
}

// TargetError: no dialect knows what kind of target it is. It does not repeat
// the target, which may hold a password.
type TargetError struct{}

func (*TargetError) Error() string {
	return "the target is of no known kind\n  hint: " + targetHint
}

const targetHint = `postgres://user@host/db, mysql://user@host/db, mariadb://.., sqlite:path, "host=.. dbname=..", or an environment or group of trueup.yaml`

// Open finds the dialect and connects.
func Open(ctx context.Context, target string, o dialect.Options) (dialect.Dialect, dialect.Server, error) {
	d, err := ForTarget(target)
	if err != nil {
		return nil, nil, err
	}
	s, err := d.Open(ctx, target, o)
	return d, s, err
}
