package dev

import (
	"os/exec"
	"strconv"
	"syscall"

	"golang.org/x/sys/windows"
)

// inGroup has a command start in a process group of its own, which can be sent a break.
func inGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
}

// terminate asks all in the group to end, by what os/signal calls an interrupt.
func terminate(cmd *exec.Cmd) {
	_ = windows.GenerateConsoleCtrlEvent(windows.CTRL_BREAK_EVENT, uint32(cmd.Process.Pid)) //nolint:gosec // a process's number
}

// interrupt asks all in the group to end.
func interrupt(cmd *exec.Cmd) { terminate(cmd) }

// killGroup kills the process and all that it has started.
func killGroup(cmd *exec.Cmd) {
	_ = exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(cmd.Process.Pid)).Run() //nolint:gosec,noctx // it ends at once
	_ = cmd.Process.Kill()                                                                // where there is no taskkill
}
