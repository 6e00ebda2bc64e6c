package io.smc4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.smc4j.cli.bench.BenchResult;
import io.smc4j.cli.bench.Figure;
import io.smc4j.cli.bench.HtmlReport;
import io.smc4j.cli.bench.Ratio;
import io.smc4j.cli.bench.SampleRun;
import io.smc4j.cli.bench.SideResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page of {@code bench --report}, as it is written and as a browser shows it. */
@Timeout(240)
class BenchReportTest {

    private static final int PHONE = 375;
    private static final String MEASURE = "<script>addEventListener('load', () => { const r = document.documentElement; r.dataset.inner = innerWidth; r.dataset.scroll = r.scrollWidth - r.clientWidth; "
            + "r.dataset.wide = [...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll') && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.tagName).join(' ') })</script></body>";

    @TempDir
    private Path dir;

    private static String page(BenchResult r) {
        return HtmlReport.of(r, Json.of(r));
    }

    @Test
    void thePageNeedsNothingButItself() {
        String page = page(SampleRun.compared(0.6, 5));
        String markup = page.replaceAll("(?s)<script id=\"data\".*?</script>", "").replace("http://www.w3.org/2000/svg", "");
        assertFalse(Pattern.compile("https?:|//[a-z]+\\.|@import|url\\(|src=|<iframe|<object").matcher(markup).find(), "something from outside");
        assertTrue(markup.contains("default-src 'none'"), "the browser is told so, too");
        assertFalse(page.contains("<script>alert") || page.contains("<b>\"name\""), "what the user typed is text");
        assertFalse(page.contains("@@"), "a place was not filled");
        for (String word : List.of("prefers-color-scheme: dark", "320 SMC_D", "320 TCP", "Linux 6.12.0", "loopback", "exceeds the spread")) {
            assertTrue(page.contains(word), word);
        }
    }

    @Test
    void aBrowserDrawsTheChartsOfTheFigures() throws Exception {
        BenchResult r = SampleRun.compared(0.6, 5);
        String dom = dom(r);
        assertEquals(List.of("connections histogram percentiles ratios timeline"), found(dom, "<html[^>]* data-drawn=\"([^\"]*)\""));
        for (SideResult s : r.sides()) {
            assertEquals(s.figures().stream().map(Figure::median).toList(),
                    found(dom, "data-side=\"" + s.side() + "\" data-median=\"([^\"]*)\"").stream().map(Double::valueOf).toList());
            String line = "<path class=\"line[a-z ]* " + s.side() + "\" d=\"[^\"]+\" ";
            assertTrue(Integer.parseInt(found(dom, line + "data-buckets=\"(\\d+)\"").get(0)) > 10, "the histogram");
            List<String> points = found(dom, line + "data-points=\"(\\d+)\"");
            assertEquals(1 + s.rounds().size(), points.size(), "the percentiles, and each round's time");
            assertEquals(String.valueOf(s.distribution().percentiles().size()), points.get(0));
        }
        assertEquals(r.comparison().ratios().stream().map(Ratio::ratio).toList(), found(dom, "<circle[^>]* data-ratio=\"([^\"]*)\"").stream().map(Double::valueOf).toList());
        assertEquals(5 * 64, found(dom, "<i (class=\"smc\")").size());
        assertEquals(5 * 64, found(dom, "<i (class=\"tcp\")").size());
        assertFalse(dom.contains("NaN") || dom.contains("undefined</"), "a figure is missing");
        assertEquals(5, found(dom, "(<svg [^>]*role=\"img\" aria-label=\"[^\"]{20,}\")").size() + found(dom, "(id=\"connections\")").size(), "text alternatives");
    }

    /** One side without a comparison, and rounds too few for one. */
    @Test
    void aBrowserDrawsWhatThereIs() throws Exception {
        String single = dom(SampleRun.single());
        assertEquals(List.of("connections histogram percentiles timeline"), found(single, "<html[^>]* data-drawn=\"([^\"]*)\""));
        String same = dom(SampleRun.compared(1, 2));
        assertFalse(same.contains(">exceeds the spread<"), "two rounds show nothing");
        assertEquals(6, found(same, "<g class=\"smc (none)\"").size());
    }

    /** The test's own: it sees an error of the page's script. */
    @Test
    void anErrorOfThePageIsSeen() throws Exception {
        String broken = page(SampleRun.single()).replace("\"sides\" :", "\"side\" :");
        assertNotEquals("", console(browse(broken)));
    }

    /** The page in a browser of a phone's width, without a message on its console and without anything wider. */
    private String dom(BenchResult r) throws Exception {
        String said = browse(page(r));
        assertEquals("", console(said));
        assertEquals(List.of(String.valueOf(PHONE)), found(said, "<html[^>]* data-inner=\"([^\"]*)\""));
        assertEquals(List.of("0"), found(said, "<html[^>]* data-scroll=\"([^\"]*)\""));
        assertEquals(List.of(""), found(said, "<html[^>]* data-wide=\"([^\"]*)\""));
        return said;
    }

    private static String console(String said) {
        return String.join("\n", said.lines().filter(l -> l.contains(":CONSOLE")).toList());
    }

    /** What the browser says of a page: messages, and the document after its scripts. */
    private String browse(String page) throws Exception {
        String browser = Stream.of("chromium", "chromium-browser", "google-chrome")
                .filter(b -> Stream.of(System.getenv("PATH").split(":")).anyMatch(d -> Files.isExecutable(Path.of(d, b)))).findFirst().orElse(null);
        if (browser == null) {
            System.out.println("BenchReportTest skipped in part: no Chromium here (apt-get install chromium)");
        }
        assumeTrue(browser != null, "no Chromium here (apt-get install chromium)");
        // A frame, as a window is never narrower than 500 pixels; what is dumped is the frame's document.
        String framed = "<!DOCTYPE html><body style='margin:0'><iframe style='border:0;width:" + PHONE + "px;height:800px' srcdoc=\""
                + page.replace("</body>", MEASURE).replace("&", "&amp;").replace("\"", "&quot;") + "\"></iframe>"
                + "<script>onload = () => document.documentElement.replaceWith(document.querySelector('iframe').contentDocument.documentElement)</script></body>";
        Path file = Files.writeString(Files.createTempFile(dir, "page", ".html"), framed);
        Path profile = Files.createTempDirectory(dir, "profile");
        Path out = Files.createTempFile(dir, "out", "");
        Process p = new ProcessBuilder(browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--user-data-dir=" + profile, "--window-size=800,800", "--enable-logging=stderr", "--dump-dom",
                file.toUri().toString()).redirectErrorStream(true).redirectOutput(out.toFile()).start();
        if (!p.waitFor(100, TimeUnit.SECONDS)) {
            p.descendants().forEach(ProcessHandle::destroyForcibly);
            p.destroyForcibly();
            throw new IOException("the browser does not end: " + Files.readString(out));
        }
        return Files.readString(out);
    }

    private static List<String> found(String text, String pattern) {
        return Pattern.compile(pattern).matcher(text).results().map(m -> m.group(1)).toList();
    }
}
