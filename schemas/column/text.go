package column

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"m365lake/schemas"
)

// Text appends to a column of the type schemas.Text.
type Text struct {
	rows
	texts    texts
	constant []byte // nil: none
}

// AppendBytes gives the row the text, which may be empty but not invalid UTF-8. It keeps a copy.
func (c *Text) AppendBytes(text []byte) {
	c.texts.skipTo(c.take())
	c.texts.bytes = append(c.texts.bytes, text...)
	c.texts.end()
}

// Append gives the row the text, which may be empty.
func (c *Text) Append(text string) {
	c.texts.skipTo(c.take())
	c.texts.bytes = append(c.texts.bytes, text...)
	c.texts.end()
}

// AppendPointer gives the row the text that it points to; nil is NULL.
func (c *Text) AppendPointer(text *string) {
	if text != nil {
		c.Append(*text)
	}
}

// AppendFilled gives the row the text; an empty one is NULL.
func (c *Text) AppendFilled(text string) {
	if text != "" {
		c.Append(text)
	}
}

// Fill gives every row of this batch and of the later ones the text. The column must get no other.
func (c *Text) Fill(text string) { c.constant = append([]byte{}, text...) }

func (c *Text) finish(mem memory.Allocator, n int) arrow.Array {
	if c.constant != nil {
		for range n {
			c.texts.bytes = append(c.texts.bytes, c.constant...)
			c.texts.end()
		}
		c.takeAll(n)
	}
	c.texts.skipTo(n)
	valid, nulls := c.validity(mem, n)
	return c.texts.array(mem, valid, nulls)
}

func (c *Text) copyValue(from arrow.Array, i int) bool {
	texts, ok := from.(*array.String)
	if ok {
		c.Append(texts.Value(i))
	}
	return ok
}

// Texts appends to a column of the type schemas.TextList.
type Texts struct {
	rows
	offsets []int32 // where the lists begin in items
	items   texts
}

// Begin gives the row an empty list.
func (c *Texts) Begin() { c.skipTo(c.take() + 1) }

// AppendItem adds a text to the list that was begun last. It keeps a copy.
func (c *Texts) AppendItem(text []byte) {
	c.items.bytes = append(c.items.bytes, text...)
	c.items.end()
}

// Append gives the row the list, which may be empty.
func (c *Texts) Append(list []string) {
	c.Begin()
	for _, text := range list {
		c.items.bytes = append(c.items.bytes, text...)
		c.items.end()
	}
}

// skipTo ends the lists of the rows before row, and begins that of row.
func (c *Texts) skipTo(row int) {
	for len(c.offsets) < row {
		c.offsets = append(c.offsets, int32(len(c.items.ends)))
	}
}

func (c *Texts) finish(mem memory.Allocator, n int) arrow.Array {
	c.skipTo(n + 1)
	offsets := packed(mem, c.offsets)
	c.offsets = c.offsets[:0]
	valid, nulls := c.validity(mem, n)
	items := c.items.array(mem, nil, 0)
	defer items.Release()
	data := array.NewData(
		schemas.TextList.Arrow,
		n,
		[]*memory.Buffer{valid, offsets},
		[]arrow.ArrayData{items.Data()},
		nulls,
		0,
	)
	defer data.Release()
	valid.Release()
	offsets.Release()
	return array.NewListData(data)
}

func (c *Texts) copyValue(from arrow.Array, i int) bool {
	list, isList := from.(*array.List)
	if !isList {
		return false
	}
	texts, isText := list.ListValues().(*array.String)
	if !isText {
		return false
	}
	c.Begin()
	for j, end := list.ValueOffsets(i); j < end; j++ {
		c.items.bytes = append(c.items.bytes, texts.Value(int(j))...)
		c.items.end()
	}
	return true
}

// texts are gathered in slices that are used again for every batch, and copied to Arrow's buffers at once:
// the builder of arrow-go checks three buffers for each text.
type texts struct {
	bytes []byte
	ends  []int32 // where each text ends in bytes
}

// end ends a text with the bytes so far.
func (t *texts) end() { t.ends = append(t.ends, int32(len(t.bytes))) }

// skipTo makes the texts before n empty that are not there.
func (t *texts) skipTo(n int) {
	for len(t.ends) < n {
		t.end()
	}
}

// array hands out the texts and begins anew. It takes valid over, which is nil when no text is NULL.
func (t *texts) array(mem memory.Allocator, valid *memory.Buffer, nulls int) arrow.Array {
	offsets := memory.NewResizableBuffer(mem)
	offsets.Resize(4 * (len(t.ends) + 1))
	starts := arrow.GetData[int32](offsets.Bytes())
	starts[0] = 0
	copy(starts[1:], t.ends)
	bytes := packed(mem, t.bytes)
	data := array.NewData(schemas.Text.Arrow, len(t.ends), []*memory.Buffer{valid, offsets, bytes}, nil, nulls, 0)
	defer data.Release()
	if valid != nil {
		valid.Release()
	}
	offsets.Release()
	bytes.Release()
	t.bytes, t.ends = t.bytes[:0], t.ends[:0]
	return array.NewStringData(data)
}
