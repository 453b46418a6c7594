package privilege

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// unknownUID is that of a user who is in no /etc/passwd.
const unknownUID = 1<<31 - 7

// Who the dedicated user is, the environment of somebody who has no entry of his own
// does not tell.
func TestDedicatedUserIsNobodyElse(t *testing.T) {
	if os.Getuid() == unknownUID {
		if u, err := DedicatedUser(); err == nil && (u.UID == unknownUID || u.GID == unknownUID) {
			t.Errorf("%+v", u)
		}
		return
	}
	if os.Getuid() != 0 {
		t.Skip("it takes root to become another user")
	}
	again := exec.Command("/proc/self/exe", "-test.run=^"+t.Name()+"$")
	again.Env, again.Dir = []string{"USER=" + UserName, "HOME=/"}, "/"
	again.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: unknownUID, Gid: unknownUID}}
	if out, err := again.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
