package cli

import (
	"fmt"
	"runtime/debug"
)

type versionCommand struct{}

// toolVersion is the version of this build.
func toolVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(unknown)"
}

// Run prints the version, the commit, and the versions of the grammars.
func (versionCommand) Run(s streams) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		_, err := fmt.Fprintln(s.out, "trueup (unknown build)")
		return err
	}
	fmt.Fprintf(s.out, "trueup %s\n", info.Main.Version)
	for _, k := range info.Settings {
		if k.Key == "vcs.revision" {
			fmt.Fprintf(s.out, "commit %s\n", k.Value)
		}
	}
	for _, m := range info.Deps {
		switch m.Path {
		case "github.com/pganalyze/pg_query_go/v5":
			fmt.Fprintf(s.out, "PostgreSQL grammar: pg_query_go %s (PostgreSQL 16; newer DDL by trueup's own pass)\n", m.Version)
		case "github.com/pingcap/tidb/pkg/parser":
			fmt.Fprintf(s.out, "MySQL grammar: TiDB parser %s\n", m.Version)
		}
	}
	return nil
}
