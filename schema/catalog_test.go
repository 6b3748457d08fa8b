package schema

import "testing"

type thing struct{ Name string }

func (t *thing) ID() ID      { return ID{Kind: "thing", Name: t.Name} }
func (t *thing) Owner() ID   { return ID{} }
func (t *thing) Refs() []Ref { return nil }

// What is removed while All runs is not visited, nor is what is put in,
// however the list was moved in memory meanwhile.
func TestAllWhileChanging(t *testing.T) {
	for _, add := range []int{0, 1, 100} {
		c := NewCatalog()
		for _, n := range []string{"a", "b", "c", "d"} {
			c.Put(&thing{n})
		}
		var seen string
		for o := range c.All() {
			name := o.ID().Name
			seen += name
			if name != "a" {
				continue
			}
			for i := range add {
				c.Put(&thing{"new" + string(rune('a'+i))})
			}
			c.Remove((&thing{"b"}).ID())
			c.Remove((&thing{"c"}).ID())
			c.Remove((&thing{"a"}).ID())
		}
		if seen != "ad" {
			t.Errorf("with %d added: visited %q", add, seen)
		}
	}
}
