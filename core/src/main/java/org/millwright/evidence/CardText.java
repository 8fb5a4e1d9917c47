package org.millwright.evidence;

/** A card as Markdown, and as an HTML page that needs nothing else. */
public final class CardText {
    private CardText() {}

    public static String markdown(Card card) {
        var out = new StringBuilder("# " + escape(card.title()) + "\n\n" + escape(card.lead()) + "\n");
        for (Card.Part part : card.parts()) {
            out.append("\n## ").append(escape(part.answer().title())).append('\n');
            if (!part.note().isEmpty()) {
                out.append("\n*").append(escape(part.note())).append("*\n");
            }
            Sheet sheet = Sheet.of(part.answer().record());
            if (part.isWritten()) {
                out.append('\n')
                        .append(part.text().isEmpty() ? "Not written." : part.text())
                        .append('\n');
            } else {
                sheet(out, sheet);
            }
            part.answer()
                    .lacking()
                    .forEach(gap -> out.append("\n> Missing: ")
                            .append(escape(gap.what()))
                            .append(" (owed by ")
                            .append(gap.owes().text())
                            .append(")\n"));
        }
        return out.append("\n---\n")
                .append(escape(card.ref()))
                .append(", from the record\n")
                .toString();
    }

    private static void sheet(StringBuilder out, Sheet sheet) {
        if (!sheet.facts().isEmpty()) {
            out.append('\n');
        }
        sheet.facts()
                .forEach(fact -> out.append("- ")
                        .append(escape(fact.name()))
                        .append(": ")
                        .append(escape(fact.value().text()))
                        .append('\n'));
        for (Sheet.Table table : sheet.tables()) {
            out.append("\n**").append(escape(table.name())).append("**\n\n| ");
            out.append(String.join(
                            " | ", table.columns().stream().map(CardText::cell).toList()))
                    .append(" |\n|")
                    .append("---|".repeat(table.columns().size()))
                    .append('\n');
            table.rows()
                    .forEach(row -> out.append("| ")
                            .append(String.join(
                                    " | ",
                                    row.stream().map(cell -> cell(cell.text())).toList()))
                            .append(" |\n"));
        }
        if (!sheet.text().isEmpty()) {
            out.append("\n```\n").append(sheet.text().replace("```", "'''")).append("\n```\n");
        }
    }

    private static String cell(String text) {
        return escape(text).replace("|", "\\|");
    }

    /** One line in which nothing starts an element. */
    private static String escape(String text) {
        return text.replace("\\", "\\\\")
                .replace("<", "&lt;")
                .replace("*", "\\*")
                .replace("`", "\\`")
                .replace("[", "\\[")
                .replace('\n', ' ');
    }

    public static String html(Card card) {
        var page = new HtmlText(card.title());
        page.element("h1", card.title()).paragraph("lead", card.lead());
        card.parts().forEach(part -> part(page, part));
        return page.paragraph("muted", card.ref() + ", from the record.").finish();
    }

    private static void part(HtmlText page, Card.Part part) {
        page.heading(part.id(), part.answer().title());
        if (!part.note().isEmpty()) {
            page.paragraph("muted", part.note());
        }
        if (part.isWritten()) {
            page.paragraph("plain", part.text().isEmpty() ? "Not written." : part.text());
        } else {
            page.sheet(Sheet.of(part.answer().record()));
        }
        part.answer()
                .lacking()
                .forEach(gap -> page.paragraph(
                        "gap",
                        "Missing: " + gap.what() + " (owed by " + gap.owes().text() + ")"));
    }
}
