package grow

import (
	"testing"
	"time"
)

func TestAMigrationIsNumberedAsThoseThatAreThere(t *testing.T) {
	tests := []struct {
		name  string
		files []string
		want  string
	}{
		{"an empty folder", nil, "00001"},
		{"goose's width", []string{"00001_a.sql", "00002_b.sql"}, "00003"},
		{"another width", []string{"001_a.sql"}, "002"},
		{"no zeros", []string{"1_a.sql", "9_b.sql", "10_c.sql"}, "11"},
		{"a number that needs more digits", []string{"99_a.sql"}, "100"},
		{"a gap", []string{"00001_a.sql", "00007_b.sql"}, "00008"},
		{"no order", []string{"00007_b.sql", "00001_a.sql"}, "00008"},
		{"other files", []string{"schema.go", "README.md", "x_1.sql", "00004_a.go"}, "00001"},
		{"times", []string{"20240102030405_a.sql"}, "20260304120000"},
		{"times behind numbers", []string{"00001_a.sql", "20240102030405_b.sql"}, "20260304120000"},
		{"a time of this second", []string{"20260304120000_a.sql"}, "20260304120001"},
		{"a time that is to come", []string{"20260304235959_a.sql"}, "20260305000000"},
		{"a number as long as a time", []string{"20269999999999_a.sql"}, "20270000000000"},
		{"a number that is too great", []string{"99999999999999999999_a.sql", "00001_b.sql"}, "00002"},
		{"folders in front", []string{"schema/tenant/00003_a.sql"}, "00004"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := seriesOf(test.files).next(noon); got != test.want {
				t.Errorf("next number %s, want %s", got, test.want)
			}
		})
	}
}

func TestTheTimeOfAMigrationIsUTC(t *testing.T) {
	east := time.FixedZone("east", 3*60*60)
	if got := seriesOf([]string{"20240102030405_a.sql"}).next(noon.In(east)); got != "20260304120000" {
		t.Errorf("next number %s", got)
	}
}
