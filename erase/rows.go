package erase

import (
	"fmt"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"m365lake/extract"
	"m365lake/load/lake"
	"m365lake/schemas"
)

// ForgottenName is the sign-in name of somebody who was forgotten. The row stays in users so that the
// key is never given to another.
func ForgottenName(key int32) string { return fmt.Sprintf("forgotten-%d", key) }

// forgottenID is a user id that no account has, because the ids of Entra are random.
func forgottenID(key int32) string { return fmt.Sprintf("00000000-0000-0000-0000-%012d", key) }

// outdatedID is the same for somebody whose names were removed because of their age.
func outdatedID(key int32) string { return fmt.Sprintf("00000000-0000-0000-0001-%012d", key) }

// nameColumns are the columns of a table that can name somebody.
func nameColumns(table *schemas.Table) (names []string) {
	for _, c := range table.Columns {
		if d := c.Disclosure(); d.PointsAtOne() || d == schemas.Quotes {
			names = append(names, c.Name)
		}
	}
	return names
}

// A rowJudge decides what the rows of a table become when people are forgotten.
type rowJudge struct {
	table  *schemas.Table
	people *Matcher
	day    time.Time // on which they are forgotten
}

// judge looks at those of nameColumns that the batch has:
//
//   - a row about one of the people goes; of users, what it says goes, and the key stays; of a table of
//     things that outlive their owner, what it says of the owner goes;
//   - in a row about others, a reference to one of the people goes, and a message that names one;
//   - a row about others whose thing is known by the address of the OneDrive of one of the people goes.
func (j rowJudge) judge(rows arrow.RecordBatch) *lake.Edit {
	edit := lake.NewEdit(int(rows.NumRows()))
	cells := j.cells(rows)
	for i := range int(rows.NumRows()) {
		if !cells.about(j.people, i) {
			j.judgeOther(edit, cells, i)
			continue
		}
		switch {
		case j.table.Name == schemas.Users.Name:
			buryUser(edit, rows, i, forgottenID, j.day)
		case j.table.Lasting:
			for _, c := range j.table.Columns {
				if d := c.Disclosure(); d == schemas.Identifies || d == schemas.Names {
					edit.Empty(c.Name, i)
				}
			}
			j.judgeOther(edit, cells, i)
		default:
			edit.Drop(i)
		}
	}
	return edit
}

// judgeOther removes references to the people from a row that stays.
func (j rowJudge) judgeOther(edit *lake.Edit, cells rowCells, i int) {
	withhold := func(c schemas.Column) {
		if c.Required {
			edit.SetText(c.Name, i, extract.WithheldText)
		} else {
			edit.Empty(c.Name, i)
		}
	}
	for _, c := range cells.keys {
		if c.Disclosure() == schemas.Refers && c.values.IsValid(i) && j.people.HasKey(c.values.Value(i)) {
			edit.Empty(c.Name, i)
		}
	}
	for _, c := range cells.texts {
		if c.values.IsNull(i) {
			continue
		}
		value := c.values.Value(i)
		switch c.Disclosure() {
		case schemas.Refers:
			if j.people.Matches(value) {
				withhold(c.Column)
			}
		case schemas.Identifies, schemas.Locates:
			switch {
			case !j.people.MatchesSite(value):
			case c.Required:
				edit.Drop(i)
			default:
				edit.Empty(c.Name, i)
			}
		case schemas.Quotes:
			switch {
			case value == "" || !j.people.Mentions(value):
			case c.Name == "extra": // a JSON object
				edit.Empty(c.Name, i)
			default:
				edit.SetText(c.Name, i, extract.WithheldText)
			}
		}
	}
}

// buryUser takes from a row of users all it says of the person, unless that was done before, and gives it a
// user_id that is nobody's.
func buryUser(edit *lake.Edit, rows arrow.RecordBatch, i int, id func(key int32) string, day time.Time) {
	key := rows.Column(rows.Schema().FieldIndices("user_key")[0]).(*array.Int32).Value(i)
	name := rows.Column(rows.Schema().FieldIndices("user_principal_name")[0]).(*array.String).Value(i)
	if name == ForgottenName(key) {
		return
	}
	for _, c := range schemas.Users.Columns {
		switch c.Name {
		case "tenant_id", "user_key":
		case "user_id":
			edit.SetText(c.Name, i, id(key))
		case "user_principal_name":
			edit.SetText(c.Name, i, ForgottenName(key))
		case "first_seen", "last_seen", "deleted_at":
			edit.SetDay(c.Name, i, day)
		default:
			edit.Empty(c.Name, i)
		}
	}
}

// rowCells are the columns of a batch that can name somebody.
type rowCells struct {
	userKey *array.Int32 // nil where there is none
	keys    []keyCells
	texts   []textCells
}

type keyCells struct {
	schemas.Column
	values *array.Int32
}

type textCells struct {
	schemas.Column
	values *array.String
}

func (j rowJudge) cells(rows arrow.RecordBatch) (cells rowCells) {
	for i, field := range rows.Schema().Fields() {
		column := j.table.Columns[j.table.Column(field.Name)]
		if d := column.Disclosure(); !d.PointsAtOne() && d != schemas.Quotes {
			continue
		}
		switch values := rows.Column(i).(type) {
		case *array.Int32:
			cells.keys = append(cells.keys, keyCells{column, values})
			if column.Name == "user_key" {
				cells.userKey = values
			}
		case *array.String:
			cells.texts = append(cells.texts, textCells{column, values})
		}
	}
	return cells
}

// about says whether a row is about one of the people: by its user_key, and only where it has none by
// name, since a name may have been given to another.
func (c rowCells) about(people *Matcher, i int) bool {
	if c.userKey != nil && c.userKey.IsValid(i) {
		return people.HasKey(c.userKey.Value(i))
	}
	for _, text := range c.texts {
		d := text.Disclosure()
		if d != schemas.Identifies && d != schemas.Locates || text.values.IsNull(i) {
			continue
		}
		if people.Matches(text.values.Value(i)) {
			return true
		}
	}
	return false
}
