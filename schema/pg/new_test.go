package pg_test

import (
	"testing"

	"github.com/trueup-sql/trueup/schema/pg"
)

func TestNew(t *testing.T) {
	for _, k := range pg.Kinds {
		if o := pg.New(k); o == nil || o.ID().Kind != k && k != pg.KindSchema { // a schema without a name has no ID
			t.Errorf("New(%q) makes %v", k, o)
		}
	}
}
