package org.millwright.evidence;

/** An HTML page in one file: no scripts, nothing from elsewhere, printable, both themes. */
final class HtmlText {
    private static final String STYLE = PackagedText.read("page.css");

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
