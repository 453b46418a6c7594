package test

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The page for a review as a browser shows it, on a phone and on a desk: nothing of
// it is lost at the sides, something is on it, and a cell that is opened shows its
// grants.
func TestReportInBrowser(t *testing.T) {
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("SKIPPED: no chromium here to look at the page with (Debian: apt-get install chromium)")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"policy": "grant uid:0 link.set,link.delete dev=*\ngrant uid:1001 route.replace netns=qrouter-* dst=10.0.0.0/8 dev=qr-* table=-\n" +
			"expect deny uid:1001 route.replace netns=qrouter-1 dst=default dev=qr-1\n",
		"old": "grant uid:0 link.set dev=*\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	page, err := exec.Command(filepath.Join(os.Getenv(binEnv), "nethelperctl"), "policy", "report", filepath.Join(dir, "policy"), filepath.Join(dir, "old")).Output()
	if err != nil {
		t.Fatal(err)
	}
	// The measuring script is the test's: a page has none.
	const measure = `<script>
		const cells = [...document.querySelectorAll("details")]
		const shut = cells.filter(c => !c.querySelector("li").checkVisibility()).length
		for (const c of cells) c.open = true
		const open = cells.filter(c => c.querySelector("li").checkVisibility()).length
		document.title = ["measured", document.documentElement.scrollWidth, innerWidth, shut, open].join(" ")
	</script>`
	path := filepath.Join(dir, "page.html")
	if err := os.WriteFile(path, append(page, measure...), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, width := range []int{500, 1280} { // a browser's window is no narrower than 500
		out := browse(t, browser, dir, width, "--dump-dom", "file://"+path)
		_, title, _ := strings.Cut(string(out), "<title>measured ")
		var scroll, inner, shut, open int
		if _, err := fmt.Sscan(title, &scroll, &inner, &shut, &open); err != nil {
			t.Fatalf("%v in %.200q", err, out)
		}
		if inner != width || scroll > inner {
			t.Errorf("the page is %d wide in a window of %d, want at most %d", scroll, inner, width)
		}
		if shut != 3 || open != 3 {
			t.Errorf("of 3 cells %d are shut and %d can be opened", shut, open)
		}
		picture := filepath.Join(dir, "picture.png")
		browse(t, browser, dir, width, "--screenshot="+picture, "file://"+path)
		drawn, err := os.ReadFile(picture)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(drawn))
		if err != nil {
			t.Fatal(err)
		}
		colours := make(map[any]bool)
		for x := range img.Bounds().Dx() {
			for y := range img.Bounds().Dy() {
				colours[img.At(x, y)] = true
			}
		}
		if len(colours) < 8 {
			t.Errorf("%d colours at a width of %d: the page is empty", len(colours), width)
		}
	}
}

func browse(t *testing.T, browser, dir string, width int, args ...string) []byte {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	cmd := exec.CommandContext(ctx, browser, append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--user-data-dir=" + filepath.Join(dir, "profile"),
		fmt.Sprintf("--window-size=%d,900", width),
	}, args...)...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &said)
	}
	return out
}
