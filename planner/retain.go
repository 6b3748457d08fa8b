package planner

import (
	"errors"
	"fmt"

	"github.com/trueup-sql/trueup/schema"
)

// Skipped is an object that would be dropped, but stays, since that was not allowed.
type Skipped struct {
	Object schema.Object
	// For is what needs the object, if the object itself could have gone.
	For schema.ID
	// Part is what of the object was to go, if not all of it.
	Part string
}

// retain adds to the desired catalog what may not be dropped, with its parts
// and whatever it needs. Parts share the fate of their whole; an attribute of
// what stays goes without asking.
func (d *Delta) retain(c Comparer, allow func(schema.Object) bool) {
	parts := d.Current.Parts()
	var keep func(o schema.Object, because schema.ID, report bool)
	keep = func(o schema.Object, because schema.ID, report bool) {
		if d.Desired.Has(o.ID()) {
			return
		}
		d.Desired.Put(o)
		if report {
			d.Skipped = append(d.Skipped, Skipped{Object: o, For: because})
		}
		for _, r := range o.Refs() {
			if used := d.Current.Object(r.To); used != nil && r.Bind > schema.Late {
				keep(used, o.ID(), true)
			}
		}
		for _, p := range parts[o.ID()] {
			keep(p, schema.ID{}, false)
		}
	}
	var visit func(o schema.Object, ownerGoes bool)
	visit = func(o schema.Object, ownerGoes bool) {
		goes := !d.Desired.Has(o.ID())
		if goes && !ownerGoes && c.Weight(o) != Attribute && !allow(o) {
			keep(o, schema.ID{}, true)
			goes = false
		}
		for _, p := range parts[o.ID()] {
			visit(p, goes)
		}
	}
	for o := range d.Current.All() {
		if o.Owner().IsZero() || !d.Current.Has(o.Owner()) {
			visit(o, false)
		}
	}
}

// taken finds what is desired under a name that an object has which may not be
// dropped.
func (d *Delta) taken(desired *schema.Catalog) error {
	if len(d.Skipped) == 0 {
		return nil
	}
	kept := map[string]schema.ID{}
	for o := range d.Desired.All() {
		if desired.Has(o.ID()) {
			continue
		}
		for _, name := range schema.Claims(o) {
			kept[name] = o.ID()
		}
	}
	var errs []error
	for o := range desired.All() {
		for _, name := range schema.Claims(o) {
			if by, ok := kept[name]; ok {
				errs = append(errs, located(&UnsupportedError{ID: o.ID(), Reason: fmt.Sprintf("its name is taken by %s, which may not be dropped", by),
					Hint: fmt.Sprintf("allow to drop it: --allow-drop=%q", string(by.Kind))}, desired))
			}
		}
	}
	return errors.Join(errs...)
}
