package dev

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"

	"go.uber.org/goleak"
)

// A test runs this binary again, which then runs a program until it is killed.
const orphanEnv = "SILO_TEST_RUN_MODULE"

func TestMain(m *testing.M) {
	if module := os.Getenv(orphanEnv); module != "" {
		fmt.Fprintln(os.Stderr, Run(context.Background(), Options{Module: module, Package: ".", Stdout: os.Stdout, Stderr: os.Stderr}))
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

func TestTheProgramEndsWithTheLoopThatIsKilled(t *testing.T) {
	w := newWorld(t, map[string]string{"gen/gen.go": "package gen\n\nconst Version = \"orphan\"\n"}, func(o *Options) { o.Generate = nil })
	w.expect(t, "version orphan")
	w.stop(t)

	loop := exec.Command(os.Args[0])
	loop.Env, loop.Dir = append(os.Environ(), orphanEnv+"="+w.root, "TMPDIR="+t.TempDir()), w.root
	out, err := loop.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := loop.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatal("the program has printed nothing")
	}
	m := regexp.MustCompile(`version orphan .* pid=([0-9]+);`).FindStringSubmatch(lines.Text())
	if m == nil {
		t.Fatalf("the program has printed %q", lines.Text())
	}
	pid, err := strconv.Atoi(m[1])
	if err != nil {
		t.Fatal(err)
	}
	if err := loop.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	// The program has the pipe too: what is read from it ends when both have ended.
	drained := false
	for lines.Scan() {
		drained = drained || lines.Text() == "drained orphan"
	}
	if !drained {
		t.Error("the program was not asked to end")
	}
	_ = loop.Wait() // it was killed
	wantEnded(t, pid)
}
