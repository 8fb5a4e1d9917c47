package org.millwright.evidence;

/** An HTML page in one file: no scripts, nothing from elsewhere, printable, both themes. */
final class HtmlText {
    private static final String STYLE = """
            :root { color-scheme: light dark; --text: #1b1f24; --muted: #57606a; --line: #d0d7de; --bg: #fff; --ok: #1a7f37; --warn: #8a5a00; --bad: #b3261e; }
            @media (prefers-color-scheme: dark) { :root { --text: #e6e9ec; --muted: #9aa4af; --line: #373e47; --bg: #14171a; --ok: #57c46f; --warn: #e0a93b; --bad: #ff8a80; } }
            body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--bg); margin: 0 auto; padding: 24px 16px 64px; max-width: 1080px; }
            h1 { font-size: 24px; } h2 { font-size: 18px; margin-top: 32px; } h3 { font-size: 15px; }
            a { color: inherit; } .lead { font-size: 17px; } .muted { color: var(--muted); } .plain { white-space: pre-wrap; overflow-wrap: anywhere; }
            .gap, .missing { color: var(--bad); } .partly { color: var(--warn); } .answered { color: var(--ok); }
            .scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; } caption { text-align: left; font-weight: 600; padding: 8px 0 2px; }
            th, td { text-align: left; vertical-align: top; padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); } th { color: var(--muted); font-weight: 500; font-size: 13px; }
            td.num { text-align: right; white-space: nowrap; } td { overflow-wrap: anywhere; }
            dl { display: grid; grid-template-columns: fit-content(40%) minmax(0, 1fr); gap: 2px 16px; } dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
            pre { overflow: auto; border: 1px solid var(--line); padding: 8px; font-size: 13px; white-space: pre-wrap; }
            @media print { body { max-width: none; padding: 0; font-size: 11px; } h2 { break-after: avoid; } tr { break-inside: avoid; } .scroll { overflow: visible; } }
            """;

    private final StringBuilder out = new StringBuilder();

    HtmlText(String title) {
        out.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
                .append(escape(title))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n");
    }

    HtmlText element(String name, String text) {
        out.append('<')
                .append(name)
                .append('>')
                .append(escape(text))
                .append("</")
                .append(name)
                .append(">\n");
        return this;
    }

    HtmlText heading(String id, String text) {
        out.append("<h2 id=\"")
                .append(escape(id))
                .append("\">")
                .append(escape(text))
                .append("</h2>\n");
        return this;
    }

    HtmlText paragraph(String kind, String text) {
        out.append("<p class=\"")
                .append(kind)
                .append("\">")
                .append(escape(text))
                .append("</p>\n");
        return this;
    }

    /** Markup that is safe already. */
    HtmlText markup(String html) {
        out.append(html);
        return this;
    }

    HtmlText sheet(Sheet sheet) {
        if (!sheet.facts().isEmpty()) {
            out.append("<dl>");
            sheet.facts()
                    .forEach(fact -> out.append("<dt>")
                            .append(escape(fact.name()))
                            .append("</dt><dd>")
                            .append(escape(fact.value().text()))
                            .append("</dd>"));
            out.append("</dl>\n");
        }
        sheet.tables().forEach(this::table);
        if (!sheet.text().isEmpty()) {
            element("pre", sheet.text());
        }
        return this;
    }

    private void table(Sheet.Table table) {
        out.append("<div class=\"scroll\"><table><caption>")
                .append(escape(table.name()))
                .append("</caption><thead><tr>");
        table.columns()
                .forEach(column -> out.append("<th>").append(escape(column)).append("</th>"));
        out.append("</tr></thead><tbody>\n");
        table.rows().forEach(row -> {
            out.append("<tr>");
            row.forEach(cell -> out.append(cell.number() ? "<td class=\"num\">" : "<td>")
                    .append(escape(cell.text()))
                    .append("</td>"));
            out.append("</tr>\n");
        });
        out.append("</tbody></table></div>\n");
    }

    String finish() {
        return out.append("</body>\n</html>\n").toString();
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
