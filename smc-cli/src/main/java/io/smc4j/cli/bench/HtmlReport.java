package io.smc4j.cli.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A result as one page that needs nothing else: text and tables as HTML, charts drawn by a script of the page from the JSON that it holds. */
public final class HtmlReport {

    private final BenchResult result;
    private final StringBuilder html = new StringBuilder();

    private HtmlReport(BenchResult result) {
        this.result = result;
    }

    /**
     * The page.
     *
     * @param json the result as JSON
     */
    public static String of(BenchResult result, String json) {
        HtmlReport r = new HtmlReport(result);
        r.body();
        // "<" could end the script element, and is the same in JSON's other spelling.
        return resource("report.html").replace("@@TITLE@@", escaped(r.title())).replace("@@BODY@@", r.html).replace("@@SCRIPT@@", resource("report.js"))
                .replace("@@JSON@@", json.replace("<", "\\u003c"));
    }

    private static String resource(String name) {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name + " is not in the jar", e);
        }
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    private String title() {
        return result.comparison() == null ? result.sides().get(0).side().toUpperCase(Locale.ROOT) + ", measured"
                : result.comparison().other().toUpperCase(Locale.ROOT) + " against " + result.comparison().base().toUpperCase(Locale.ROOT);
    }

    private void body() {
        html.append("<header><h1>").append(escaped(title())).append("</h1>\n<p>").append(escaped(result.plan().summary())).append("</p></header>\n");
        html.append("<section class=\"card verdict\" aria-label=\"What the figures show\"><p>").append(escaped(result.notes().get(0))).append("</p></section>\n");
        tiles();
        if (result.comparison() != null) {
            chart("ratios", "Ratios", result.comparison().other() + " divided by " + result.comparison().base()
                    + ": the medians, and the widest that any two rounds are apart. Filled: the difference exceeds the spread; hollow: no difference is shown.");
        }
        html.append("<div class=\"two\">\n");
        chart("histogram", "Latencies", "Share of answers by latency, all rounds.");
        chart("percentiles", "Percentiles", "Latency that so many percent of the answers are within, all rounds.");
        html.append("</div>\n");
        chart("timeline", "Answers each second", "Over the time of a round; a line for each round.");
        table();
        notes();
        html.append("<section class=\"card\"><h2>What the kernel said of each connection</h2><p class=\"soft\">The client's ends, before each round (SO_PROTOCOL, smc_diag). "
                + "Squares are SMC, circles TCP, diamonds neither.</p><div id=\"connections\"></div></section>\n");
        environment();
        html.append("<footer>").append(escaped(result.smc4j())).append(" &middot; ").append(escaped(result.created()))
                .append(" &middot; the figures are in this page as JSON, format ").append(BenchResult.FORMAT).append(' ').append(BenchResult.VERSION)
                .append("<noscript> &middot; the charts need JavaScript</noscript></footer>");
    }

    /** Four figures large. */
    private void tiles() {
        html.append("<section class=\"tiles\" aria-label=\"Figures\">\n");
        for (int i : new int[] {0, 1, 4, 5}) {
            String values = result.sides().stream().map(s -> s.side() + " " + s.figures().get(i).text() + (i == 0 ? "/s" : "")).collect(Collectors.joining("</span><span>"));
            html.append("<div class=\"tile\"><span class=\"name\">").append(Figure.NAMES.get(i)).append("</span>");
            if (result.comparison() == null) {
                html.append("<b>").append(result.sides().get(0).figures().get(i).text()).append("</b><span>").append(spread(result.sides().get(0).figures().get(i))).append("</span>");
            } else {
                Ratio r = result.comparison().ratios().get(i);
                html.append("<b").append(r.shown() ? ">" : " class=\"none\">").append(r.text()).append("&times;</b><span>").append(values).append("</span><span>")
                        .append(r.shown() ? better(r, i) : "no difference shown").append("</span>");
            }
            html.append("</div>\n");
        }
        html.append("</section>\n");
    }


    private static String better(Ratio r, int i) {
        return (r.ratio() > 1 == (i == 0) ? "&#9650; better by " : "&#9660; worse by ") + String.format(Locale.ROOT, "%.0f %%", Math.abs(r.ratio() - 1) * 100);
    }

    private static String spread(Figure f) {
        return f.rounds().size() == 1 ? "one round" : f.text(f.low()) + " to " + f.text(f.high());
    }

    private void chart(String id, String heading, String caption) {
        html.append("<section class=\"card\"><figure aria-labelledby=\"").append(id).append("-heading\"><h2 id=\"").append(id).append("-heading\">").append(heading)
                .append("</h2><figcaption id=\"").append(id).append("-caption\">").append(escaped(caption)).append("</figcaption><div class=\"chart\" id=\"").append(id)
                .append("\"></div></figure>");
        if (!id.equals("ratios")) {
            html.append("<ul class=\"legend\">");
            for (SideResult s : result.sides()) {
                html.append("<li><svg width=\"34\" height=\"12\" aria-hidden=\"true\"><path class=\"line ").append(s.side()).append("\" d=\"M0 6H34\"/></svg>").append(s.side())
                        .append("</li>");
            }
            html.append("</ul>");
        }
        html.append("</section>\n");
    }

    private void table() {
        html.append("<section class=\"card\"><h2>Figures</h2><p class=\"soft\">Medians of the rounds, with the least and the greatest.</p><div class=\"scroll\" tabindex=\"0\"><table class=\"lines\">"
                + "<thead><tr><th scope=\"col\"></th>");
        result.sides().forEach(s -> html.append("<th scope=\"col\">").append(s.side()).append("</th>"));
        if (result.comparison() != null) {
            html.append("<th scope=\"col\">ratio</th><th scope=\"col\"></th>");
        }
        html.append("</tr></thead><tbody>\n");
        for (int i = 0; i < Figure.NAMES.size(); i++) {
            html.append("<tr><th scope=\"row\">").append(Figure.NAMES.get(i)).append("</th>");
            for (SideResult s : result.sides()) {
                Figure f = s.figures().get(i);
                html.append("<td data-side=\"").append(s.side()).append("\" data-median=\"").append(f.median()).append("\">").append(f.text()).append("<small>").append(spread(f))
                        .append("</small></td>");
            }
            if (result.comparison() != null) {
                Ratio r = result.comparison().ratios().get(i);
                html.append("<td data-ratio=\"").append(r.ratio()).append("\">").append(r.text()).append("<small>").append(r.spread()).append("</small></td><td class=\"say\">")
                        .append(r.shown() ? "exceeds the spread" : "no difference shown").append("</td>");
            }
            html.append("</tr>\n");
        }
        html.append("<tr><th scope=\"row\">kernel</th>");
        result.sides().forEach(s -> html.append("<td>").append(escaped(s.modesText())).append("</td>"));
        html.append(result.comparison() == null ? "" : "<td></td><td class=\"say\"></td>").append("</tr></tbody></table></div></section>\n");
    }

    private void notes() {
        if (result.notes().size() < 2) {
            return; // the first stands above
        }
        html.append("<section class=\"card\"><h2>What the figures show, and what they do not</h2><ul class=\"notes\">\n");
        result.notes().stream().skip(1).forEach(n -> html.append("<li>").append(escaped(n)).append("</li>\n"));
        html.append("</ul></section>\n");
    }

    private void environment() {
        Environment e = result.environment();
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"Command", e.commandLine()});
        rows.add(new String[] {"Kernel", e.kernel() + ", " + e.architecture()});
        rows.add(new String[] {"Processors", e.processors() + (e.processor().isEmpty() ? "" : " x " + e.processor())});
        rows.add(new String[] {"JVM", e.java() + (e.javaOptions().isEmpty() ? "" : ", " + String.join(" ", e.javaOptions()))});
        rows.add(new String[] {"SMC", e.smc()});
        rows.add(new String[] {"SMC devices", e.devices().isEmpty() ? "none" : String.join(", ", e.devices())});
        result.sides().forEach(s -> rows.add(new String[] {"Server, " + s.side(), s.server()}));
        html.append("<section class=\"card\"><h2>Environment</h2><dl>\n");
        for (String[] row : rows) {
            String value = escaped(row[1]);
            html.append("<dt>").append(row[0]).append("</dt><dd>").append(row[0].equals("Command") ? "<code>" + value + "</code>" : value).append("</dd>\n");
        }
        html.append("</dl></section>\n");
    }
}
