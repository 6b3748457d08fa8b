package schema

import (
	"hash/maphash"
	"maps"
)

// index finds objects in a catalog's list by their IDs. It keeps hashes
// instead of IDs, which are large, and leaves the comparison to the list.
type index struct {
	places map[uint64]int32
	// clashes holds the IDs whose hash was taken by another one.
	clashes map[ID]int32
}

var seed = maphash.MakeSeed()

func newIndex(size int) index { return index{places: make(map[uint64]int32, size)} }

// find is the place of the object with this ID.
func (x *index) find(id ID, list []Object) (int, bool) {
	if i, ok := x.places[maphash.Comparable(seed, id)]; ok {
		if o := list[i]; o != nil && o.ID() == id {
			return int(i), true
		}
	}
	if len(x.clashes) == 0 {
		return 0, false
	}
	i, ok := x.clashes[id]
	return int(i), ok
}

// put notes the place of an object whose ID is not there yet.
func (x *index) put(id ID, i int) {
	h := maphash.Comparable(seed, id)
	if _, taken := x.places[h]; !taken {
		x.places[h] = int32(i)
		return
	}
	if x.clashes == nil {
		x.clashes = map[ID]int32{}
	}
	x.clashes[id] = int32(i)
}

// remove forgets an object that is still in the list.
func (x *index) remove(id ID, list []Object) {
	h := maphash.Comparable(seed, id)
	if o := list[x.places[h]]; o != nil && o.ID() == id {
		delete(x.places, h)
		return
	}
	delete(x.clashes, id)
}

func (x *index) clone() index { return index{maps.Clone(x.places), maps.Clone(x.clashes)} }
