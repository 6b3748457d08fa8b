package planner

import (
	"errors"
	"fmt"

	"github.com/trueup-sql/trueup/schema"
)

// Delta is the difference of two catalogs.
type Delta struct {
	// Current is the catalog as it is, under the names after all renames.
	Current *schema.Catalog
	// Desired is the catalog as it will be: what was asked for, and what is
	// kept because dropping it was not allowed.
	Desired *schema.Catalog
	// Changes are in the order of the catalogs: renames, then the desired
	// objects, then what goes.
	Changes []*Change
	// Skipped are the drops that were not allowed.
	Skipped []Skipped
	// Notes are remarks for the user, such as a rename that was done long ago.
	Notes []string
}

// Empty tells whether there is nothing to do.
func (d *Delta) Empty() bool { return len(d.Changes) == 0 }

// Diff compares two normalized catalogs. Neither is changed. allow says which
// objects may be dropped; nil allows everything.
func Diff(current, desired *schema.Catalog, c Comparer, allow func(schema.Object) bool) (*Delta, error) {
	if len(desired.Renames) == 0 && schema.Same(current, desired) {
		return &Delta{Current: current, Desired: desired}, nil
	}
	d := &Delta{Desired: desired.Clone()}
	if err := d.rename(current, c); err != nil {
		return nil, err
	}
	if allow != nil {
		d.retain(c, allow)
		if err := d.taken(desired); err != nil {
			return nil, err
		}
	}
	var errs []error
	byID := map[schema.ID]*Change{}
	add := func(ch *Change) { d.Changes = append(d.Changes, ch); byID[ch.ID()] = ch }
	for o := range d.Desired.All() {
		old := d.Current.Object(o.ID())
		if old == nil {
			add(&Change{Verb: Create, New: o})
			continue
		}
		if schema.Equal(old, o) {
			continue
		}
		v, err := c.Compare(old, o)
		if err == nil && v.Loses != "" && allow != nil && !allow(old) {
			if o = d.lessen(old, v); schema.Equal(old, o) {
				continue
			}
			v, err = c.Compare(old, o)
		}
		if err != nil {
			errs = append(errs, located(err, desired))
			continue
		}
		ch := &Change{Verb: Alter, Old: old, New: o, Fields: schema.Differing(old, o), Disturbs: v.Disturbs}
		if v.Replace {
			ch.Verb, ch.Disturbs = Replace, 0
			if c.Weight(o) == Data {
				ch.Moves = v.Moves && (allow == nil || allow(old))
				if !ch.Moves {
					errs = append(errs, located(unmoved(ch, v), desired))
					continue
				}
			}
		}
		add(ch)
	}
	for o := range d.Current.All() {
		if !d.Desired.Has(o.ID()) {
			add(&Change{Verb: Drop, Old: o})
		}
	}
	if err := d.spread(byID, c); err != nil {
		errs = append(errs, err)
	}
	return d, errors.Join(errs...)
}

// unmoved is the error for an object that holds data and would be replaced.
func unmoved(ch *Change, v Verdict) error {
	e := &UnsupportedError{ID: ch.ID(), Fields: ch.Fields, Reason: "it holds data"}
	if v.Moves {
		e.Reason = "it has to be recreated, and all that it holds be moved, which needs the permission to drop it"
		e.Hint = fmt.Sprintf("allow to drop it: --allow-drop=%q", string(ch.ID().Kind))
	}
	return e
}

// lessen desires only as much of an object's change as loses nothing.
func (d *Delta) lessen(old schema.Object, v Verdict) schema.Object {
	kept := v.Kept
	if kept == nil {
		kept = old
	}
	d.Desired.Put(kept)
	d.Skipped = append(d.Skipped, Skipped{Object: old, Part: v.Loses})
	return kept
}

// located adds the place of definition to an error that has none.
func located(err error, c *schema.Catalog) error {
	if u, ok := errors.AsType[*UnsupportedError](err); ok && u.Pos.IsZero() {
		u.Pos = c.Origin[u.ID]
	}
	return err
}

// spread replaces, transitively, what does not survive the changes of what it
// refers to. What holds data cannot be replaced: it is altered along with what
// it refers to (a column whose type is made anew), and disturbs as much.
func (d *Delta) spread(byID map[schema.ID]*Change, c Comparer) error {
	var work []*Change
	for _, ch := range d.Changes {
		if _, ok := ch.disturbs(); ok {
			work = append(work, ch)
		}
	}
	if len(work) == 0 {
		return nil
	}
	type referrer struct {
		object schema.Object
		bind   schema.Bind
	}
	referrers := map[schema.ID][]referrer{}
	for o := range d.Current.All() {
		for _, r := range o.Refs() {
			referrers[r.To] = append(referrers[r.To], referrer{o, r.Bind})
		}
	}
	var errs []error
	for len(work) > 0 {
		target := work[0]
		work = work[1:]
		from, _ := target.disturbs()
		for _, r := range referrers[target.ID()] {
			id := r.object.ID()
			if r.bind < from || id == target.ID() {
				continue
			}
			ch := byID[id]
			if ch != nil && (ch.Verb != Alter || !refersTo(ch.New, target.ID(), from)) {
				continue // it goes anyway, or lets go by being altered
			}
			if c.Weight(r.object) == Data && target.Verb == Alter {
				if ch == nil {
					ch = &Change{Verb: Alter, Old: r.object, New: d.Desired.Object(id)}
					d.Changes = append(d.Changes, ch)
					byID[id] = ch
				}
				if ch.carry(target) {
					work = append(work, ch)
				}
				continue
			}
			moves := c.Weight(r.object) == Data && target.Verb == Replace && target.Moves && within(r.object, target.ID())
			if c.Weight(r.object) == Data && !moves {
				errs = append(errs, located(&UnsupportedError{ID: id,
					Reason: fmt.Sprintf("%s, which it uses, has to be dropped or recreated", target.ID()),
					Hint:   "do without it in a first run, let it change in a second one, and take it up again in a third one"}, d.Desired))
				continue
			}
			if ch == nil {
				ch = &Change{Old: r.object, New: d.Desired.Object(id)}
				d.Changes = append(d.Changes, ch)
				byID[id] = ch
			}
			ch.Verb, ch.Disturbs, ch.Moves, ch.Because = Replace, 0, moves, target
			work = append(work, ch)
		}
	}
	return errors.Join(errs...)
}

// within tells whether what o holds is part of what the object id holds.
func within(o schema.Object, id schema.ID) bool {
	if p, ok := o.(schema.Portioned); ok && p.PortionOf() == id {
		return true
	}
	return o.Owner() == id
}

// carry makes an alteration go along with that of target; it tells whether
// that disturbs more than before.
func (c *Change) carry(target *Change) bool {
	if c.Because == nil {
		c.Because = target
	}
	if c.Disturbs != schema.Late && c.Disturbs <= target.Disturbs {
		return false
	}
	c.Disturbs = target.Disturbs
	return true
}

func refersTo(o schema.Object, id schema.ID, from schema.Bind) bool {
	for _, r := range o.Refs() {
		if r.To == id && r.Bind >= from {
			return true
		}
	}
	return false
}
