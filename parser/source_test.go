package parser

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestFolder: a folder as Kubernetes mounts a ConfigMap is read once; a link to
// a folder is followed if it was named, and never passed over.
func TestFolder(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	link := func(to, name string) {
		t.Helper()
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	write("mount/..2026_11_23/schema.sql", "CREATE TABLE t (a int);")
	write("mount/..2026_11_23/b.SQL", "CREATE TABLE u (a int);")
	write("mount/..2026_11_23/README.md", "-")
	link("..2026_11_23", "mount/..data")
	link("..data/schema.sql", "mount/schema.sql")
	link("..data/b.SQL", "mount/b.SQL")
	link("..data/README.md", "mount/README.md")
	write("mount/.#schema.sql", "draft")
	link("mount", "named")
	for _, name := range []string{"mount", "mount/", "named", "named/"} {
		list, err := Load([]string{filepath.Join(dir, "/") + "/" + name}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range list {
			got = append(got, filepath.Base(s.Name))
		}
		if !slices.Equal(got, []string{"b.SQL", "schema.sql"}) {
			t.Errorf("%s: %v", name, got)
		}
	}
	write("other/x.sql", "-- nothing")
	link("../other", "mount/more")
	if _, err := Load([]string{filepath.Join(dir, "mount")}, nil); err == nil || !strings.Contains(err.Error(), "not followed") {
		t.Errorf("a link to a folder: %v", err)
	}
}
