package schema

import (
	"cmp"
	"encoding/binary"
	"hash"
	"hash/fnv"
	"math"
	"reflect"
	"slices"
)

// Digest is a number that is the same for all objects that are [Equal], and
// almost surely another one for those that are not. Fields tagged
// `schema:"place"`, which say where an object stands, do not count.
func Digest(o Object) uint64 {
	h := fnv.New64a()
	digest(h, reflect.ValueOf(o))
	return h.Sum64()
}

func digest(h hash.Hash64, v reflect.Value) {
	switch v.Type() {
	case exprType:
		digestText(h, at[Expr](v).key())
		return
	case idType:
		id := at[ID](v)
		for _, s := range [...]string{string(id.Kind), id.Schema, id.Parent, id.Name, id.Args} {
			digestText(h, s)
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			digestNumber(h, 0)
			return
		}
		digestText(h, v.Elem().Type().String())
		digest(h, v.Elem())
	case reflect.Struct:
		for _, i := range counting(v.Type()) {
			if v.Type().Field(i).Tag.Get("schema") != "place" {
				digest(h, v.Field(i))
			}
		}
	case reflect.Slice:
		digestNumber(h, uint64(v.Len()))
		for i := range v.Len() {
			digest(h, v.Index(i))
		}
	case reflect.Map:
		digestNumber(h, uint64(v.Len()))
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) })
		for _, k := range keys {
			digest(h, k)
			digest(h, v.MapIndex(k))
		}
	case reflect.String:
		digestText(h, v.String())
	case reflect.Bool:
		if v.Bool() {
			digestNumber(h, 1)
		} else {
			digestNumber(h, 0)
		}
	case reflect.Float32, reflect.Float64:
		digestNumber(h, math.Float64bits(v.Float()))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		digestNumber(h, uint64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		digestNumber(h, v.Uint())
	default:
		panic("schema: no digest of " + v.Type().String())
	}
}

func digestText(h hash.Hash64, s string) {
	digestNumber(h, uint64(len(s)))
	h.Write([]byte(s)) //nolint:errcheck // a hash never fails
}

func digestNumber(h hash.Hash64, n uint64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], n)
	h.Write(b[:]) //nolint:errcheck // a hash never fails
}
