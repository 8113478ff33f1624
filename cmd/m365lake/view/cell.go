package view

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"
)

// isNumber says whether a column is aligned to the right.
func isNumber(c *sql.ColumnType) bool {
	switch name, _, _ := strings.Cut(c.DatabaseTypeName(), "("); name {
	case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT",
		"UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
		"FLOAT", "DOUBLE", "DECIMAL":
		return true
	}
	return false
}

// cellText writes a value of DuckDB as people read it.
func cellText(value any, c *sql.ColumnType) string {
	switch v := value.(type) {
	case nil:
		return "NULL"
	case time.Time:
		return timeText(v, c.DatabaseTypeName())
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case float32:
		return strconv.FormatFloat(float64(v), 'f', -1, 32)
	case []any:
		items := make([]string, len(v))
		for i, item := range v {
			items[i] = cellText(item, c)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case []byte:
		return fmt.Sprintf("%x", v)
	}
	return fmt.Sprint(value)
}

func timeText(t time.Time, typeName string) string {
	switch typeName {
	case "DATE":
		return t.Format(time.DateOnly)
	case "TIME":
		return t.Format("15:04:05.999999")
	}
	return t.UTC().Format("2006-01-02 15:04:05Z07:00")
}

// cellJSON writes a value of DuckDB as JSON.
func cellJSON(value any, c *sql.ColumnType) ([]byte, error) {
	switch v := value.(type) {
	case time.Time:
		if name := c.DatabaseTypeName(); name == "DATE" || name == "TIME" {
			return json.Marshal(timeText(v, name))
		}
		return json.Marshal(v.UTC().Format(time.RFC3339Nano))
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return []byte("null"), nil // JSON knows no other way to say it
		}
	case *big.Int:
		return []byte(v.String()), nil
	case duckdb.Decimal:
		return []byte(v.String()), nil
	case []byte:
		return json.Marshal(fmt.Sprintf("%x", v))
	case nil, bool, string, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32,
		[]any, map[string]any:
	default:
		return json.Marshal(cellText(v, c))
	}
	return json.Marshal(value)
}
