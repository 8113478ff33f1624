package transform

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/memory"
)

// texts are the two buffers of an array of text. They grow as needed, since the elements of lists
// are not known beforehand; the first guess for the bytes is what the last batch took.
type texts struct {
	mem          memory.Allocator
	offsetBuffer *memory.Buffer
	offsets      []int32 // of offsetBuffer: where each text begins, and where the last one ends
	byteBuffer   *memory.Buffer
	bytes        []byte // of byteBuffer
	used         int    // bytes
	count        int    // texts
}

func (t *texts) reserve(rows int) {
	t.offsetBuffer, t.offsets = newOffsets(t.mem, rows)
	t.byteBuffer = newBuffer(t.mem, t.used+t.used/16)
	t.bytes, t.used, t.count = t.byteBuffer.Bytes(), 0, 0
}

// add appends a text. A NULL is an empty one.
func (t *texts) add(text []byte) {
	if t.used+len(text) > len(t.bytes) {
		t.byteBuffer.Resize(max(2*len(t.bytes), t.used+len(text), 4096))
		t.bytes = t.byteBuffer.Bytes()
	}
	if t.count+1 == len(t.offsets) {
		t.offsetBuffer.Resize(8 * len(t.offsets))
		t.offsets = arrow.GetData[int32](t.offsetBuffer.Bytes())
	}
	t.used += copy(t.bytes[t.used:], text)
	t.count++
	t.offsets[t.count] = int32(t.used)
}

// finish hands out the buffers.
func (t *texts) finish() (offsets, bytes *memory.Buffer) {
	offsets, bytes = t.offsetBuffer, t.byteBuffer
	offsets.ResizeNoShrink(4 * (t.count + 1))
	bytes.ResizeNoShrink(t.used)
	t.offsetBuffer, t.byteBuffer = nil, nil
	return offsets, bytes
}

func (t *texts) release() {
	releaseBuffer(&t.offsetBuffer)
	releaseBuffer(&t.byteBuffer)
}

// textColumn is an array of text.
type textColumn struct {
	nullable
	texts texts
}

func newTextColumn(mem memory.Allocator) textColumn {
	return textColumn{nullable{mem: mem}, texts{mem: mem}}
}

func (c *textColumn) reserve(rows int) {
	c.nullable.reserve(rows)
	c.texts.reserve(rows)
}

func (c *textColumn) addText(text []byte) {
	c.addValid()
	c.texts.add(text)
}

func (c *textColumn) addNull() {
	c.nullable.addNull()
	c.texts.add(nil)
}

func (c *textColumn) finish(rows int) arrow.Array {
	for c.row < rows {
		c.addNull()
	}
	offsets, bytes := c.texts.finish()
	return c.array(arrow.BinaryTypes.String, []*memory.Buffer{offsets, bytes})
}

func (c *textColumn) release() {
	c.nullable.release()
	c.texts.release()
}

// listColumn is an array of lists of text.
type listColumn struct {
	nullable
	dataType     arrow.DataType
	offsetBuffer *memory.Buffer
	offsets      []int32 // of offsetBuffer: where each list begins in items
	items        texts
}

func newListColumn(mem memory.Allocator, dataType arrow.DataType) listColumn {
	return listColumn{nullable: nullable{mem: mem}, dataType: dataType, items: texts{mem: mem}}
}

func (c *listColumn) reserve(rows int) {
	c.nullable.reserve(rows)
	c.offsetBuffer, c.offsets = newOffsets(c.mem, rows)
	c.items.reserve(rows)
}

func (c *listColumn) addItem(text []byte) { c.items.add(text) }

// endList makes a row of the items since the last one.
func (c *listColumn) endList() {
	c.addValid()
	c.offsets[c.row] = int32(c.items.count)
}

func (c *listColumn) addNull() {
	c.nullable.addNull()
	c.offsets[c.row] = int32(c.items.count)
}

func (c *listColumn) finish(rows int) arrow.Array {
	for c.row < rows {
		c.addNull()
	}
	count := c.items.count
	offsets, bytes := c.items.finish()
	items := newArray(arrow.BinaryTypes.String, count, 0, []*memory.Buffer{nil, offsets, bytes}, nil)
	defer items.Release()
	offsets = c.offsetBuffer
	offsets.ResizeNoShrink(4 * (rows + 1))
	c.offsetBuffer = nil
	return c.array(c.dataType, []*memory.Buffer{offsets}, items.Data())
}

func (c *listColumn) release() {
	c.nullable.release()
	releaseBuffer(&c.offsetBuffer)
	c.items.release()
}
