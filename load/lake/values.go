package lake

import (
	"fmt"
	"unicode/utf8"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/parquet-go/parquet-go"
)

// Definition levels. A column is optional: 0 is NULL, 1 a value. A list adds two levels: 1 is an
// empty list, 2 a NULL within the list, 3 a text.
const (
	levelNull      = 0
	levelValue     = 1
	levelEmptyList = 1
	levelNullText  = 2
	levelText      = 3
)

// appendValues appends rows from..to of a column to dst as Parquet values with explicit levels.
// Text is not copied: it is good for as long as the array is.
//
// Most columns repeat their values for many rows, and making a parquet.Value costs more than
// comparing with the one before, so every loop reuses its last value.
func appendValues(dst []parquet.Value, column arrow.Array, from, to, index int) ([]parquet.Value, error) {
	switch column := column.(type) {
	case *array.String:
		return appendTexts(dst, column, from, to, index)
	case *array.List:
		return appendLists(dst, column, from, to, index)
	case *array.Boolean:
		return appendBooleans(dst, column, from, to, index), nil
	case *array.Date32:
		return append32(dst, column, column.Date32Values(), from, to, index), nil
	case *array.Int32:
		return append32(dst, column, column.Int32Values(), from, to, index), nil
	case *array.Int64:
		return append64(dst, column, column.Int64Values(), from, to, index), nil
	case *array.Timestamp:
		return append64(dst, column, column.TimestampValues(), from, to, index), nil
	case *array.Float64:
		return appendFloats(dst, column, from, to, index), nil
	}
	return nil, fmt.Errorf("no Parquet form for Arrow type %s", column.DataType())
}

func append32[T ~int32](dst []parquet.Value, column arrow.Array, values []T, from, to, index int) []parquet.Value {
	null, nulls := parquet.Value{}.Level(0, levelNull, index), nullsOf(column)
	last, value := T(0), parquet.Int32Value(0).Level(0, levelValue, index)
	for i := from; i < to; i++ {
		if nulls.at(i) {
			dst = append(dst, null)
			continue
		}
		if v := values[i]; v != last {
			last, value = v, parquet.Int32Value(int32(v)).Level(0, levelValue, index)
		}
		dst = append(dst, value)
	}
	return dst
}

func append64[T ~int64](dst []parquet.Value, column arrow.Array, values []T, from, to, index int) []parquet.Value {
	null, nulls := parquet.Value{}.Level(0, levelNull, index), nullsOf(column)
	last, value := T(0), parquet.Int64Value(0).Level(0, levelValue, index)
	for i := from; i < to; i++ {
		if nulls.at(i) {
			dst = append(dst, null)
			continue
		}
		if v := values[i]; v != last {
			last, value = v, parquet.Int64Value(int64(v)).Level(0, levelValue, index)
		}
		dst = append(dst, value)
	}
	return dst
}

func appendBooleans(dst []parquet.Value, column *array.Boolean, from, to, index int) []parquet.Value {
	null, nulls := parquet.Value{}.Level(0, levelNull, index), nullsOf(column)
	no, yes := parquet.BooleanValue(false).Level(0, levelValue, index), parquet.BooleanValue(true).Level(0, levelValue, index)
	for i := from; i < to; i++ {
		switch {
		case nulls.at(i):
			dst = append(dst, null)
		case column.Value(i):
			dst = append(dst, yes)
		default:
			dst = append(dst, no)
		}
	}
	return dst
}

// appendFloats does not compare with the value before: 0 equals -0, and NaN does not equal itself.
func appendFloats(dst []parquet.Value, column *array.Float64, from, to, index int) []parquet.Value {
	null, nulls := parquet.Value{}.Level(0, levelNull, index), nullsOf(column)
	for i := from; i < to; i++ {
		if nulls.at(i) {
			dst = append(dst, null)
		} else {
			dst = append(dst, parquet.DoubleValue(column.Value(i)).Level(0, levelValue, index))
		}
	}
	return dst
}

func appendTexts(dst []parquet.Value, column *array.String, from, to, index int) ([]parquet.Value, error) {
	null, nulls := parquet.Value{}.Level(0, levelNull, index), nullsOf(column)
	last, value := "", textValue("").Level(0, levelValue, index)
	for i := from; i < to; i++ {
		if nulls.at(i) {
			dst = append(dst, null)
			continue
		}
		if s := column.Value(i); s != last {
			if err := checkText(s, i); err != nil {
				return dst, err
			}
			last, value = s, textValue(s).Level(0, levelValue, index)
		}
		dst = append(dst, value)
	}
	return dst, nil
}

func appendLists(dst []parquet.Value, column *array.List, from, to, index int) ([]parquet.Value, error) {
	texts, ok := column.ListValues().(*array.String)
	if !ok {
		return dst, fmt.Errorf("no Parquet form for Arrow type %s", column.DataType())
	}
	for i := from; i < to; i++ {
		if column.IsNull(i) {
			dst = append(dst, parquet.Value{}.Level(0, levelNull, index))
			continue
		}
		start, end := column.ValueOffsets(i)
		if start == end {
			dst = append(dst, parquet.Value{}.Level(0, levelEmptyList, index))
			continue
		}
		repetition := 0
		for j := int(start); j < int(end); j++ {
			if texts.IsNull(j) {
				dst = append(dst, parquet.Value{}.Level(repetition, levelNullText, index))
			} else {
				s := texts.Value(j)
				if err := checkText(s, i); err != nil {
					return dst, err
				}
				dst = append(dst, textValue(s).Level(repetition, levelText, index))
			}
			repetition = 1
		}
	}
	return dst, nil
}

// nulls tells which rows of a column are NULL without a call through the Array interface for each.
type nulls struct {
	valid  []byte
	offset int
}

func nullsOf(column arrow.Array) nulls {
	if column.NullN() == 0 {
		return nulls{}
	}
	return nulls{column.NullBitmapBytes(), column.Data().Offset()}
}

func (n nulls) at(i int) bool { return n.valid != nil && bitutil.BitIsNotSet(n.valid, n.offset+i) }

// checkText refuses invalid UTF-8: readers reject a whole Parquet file because of it, long after
// the data came.
func checkText(s string, row int) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("row %d: %q is not valid UTF-8", row+1, s)
	}
	return nil
}

// textValue refers to the bytes of s without copying them; the column writer copies what it keeps.
func textValue(s string) parquet.Value {
	return parquet.ByteArrayValue(unsafe.Slice(unsafe.StringData(s), len(s)))
}
