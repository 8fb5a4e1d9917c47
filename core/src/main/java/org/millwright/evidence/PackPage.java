package org.millwright.evidence;

import static org.millwright.evidence.HtmlText.escape;

import java.util.List;
import org.millwright.ledger.Entry;

/** The page of a pack that people open first. */
final class PackPage {
    private final Dossier dossier;
    private final Assessment assessment;
    private final List<PackFile> files;

    PackPage(Dossier dossier, Assessment assessment, List<PackFile> files) {
        this.dossier = dossier;
        this.assessment = assessment;
        this.files = List.copyOf(files);
    }

    String html() {
        FrameworkMap map = assessment.map();
        String title = "Evidence about " + dossier.ref();
        var page = new HtmlText(title);
        page.element("h1", title).paragraph("lead", map.title());
        page.paragraph(
                "muted",
                map.source() + ". Map version " + map.version() + " of " + map.date() + ", SHA-256 " + map.digest()
                        + ".");
        if (!map.note().isEmpty()) {
            page.paragraph("muted", map.note());
        }
        page.paragraph(
                "",
                "Records answer " + assessment.counts().get(Answer.State.ANSWERED) + " of "
                        + map.items().size() + " items, "
                        + assessment.counts().get(Answer.State.PARTLY) + " partly, "
                        + assessment.counts().get(Answer.State.MISSING)
                        + " not at all. Whether the law is met is for people to judge.");
        page.markup(
                "<p><a href=\"card.html\">Model card</a> · <a href=\"README.txt\">How to check this pack</a></p>\n");
        items(page);
        decisions(page);
        records(page);
        files(page);
        return page.finish();
    }

    private void items(HtmlText page) {
        page.heading("items", "What is asked, and what answers it");
        page.markup("<div class=\"scroll\"><table><thead><tr><th>Item</th><th>Asked</th><th>State</th>"
                + "<th>Records</th><th>Missing, and who owes it</th></tr></thead><tbody>\n");
        for (Assessment.Judged judged : assessment.items()) {
            page.markup("<tr id=\"" + escape(judged.item().id()) + "\"><td>"
                    + escape(judged.item().id()) + "</td><td>"
                    + escape(judged.item().title()) + "</td><td class=\""
                    + judged.state().text() + "\">" + judged.state().text() + "</td><td>");
            judged.answers().stream()
                    .filter(answer -> answer.state() != Answer.State.MISSING)
                    .forEach(answer -> page.markup("<a href=\"" + escape(answer.file()) + "\">" + escape(answer.title())
                            + "</a>: " + escape(answer.said()) + "<br>"));
            page.markup("</td><td>");
            judged.lacking()
                    .forEach(gap ->
                            page.markup(escape(gap.what()) + " — " + escape(assessment.owing(gap.owes())) + "<br>"));
            page.markup("</td></tr>\n");
        }
        page.markup("</tbody></table></div>\n");
    }

    private void decisions(HtmlText page) {
        page.heading("decisions", "Who decided what");
        List<Entry> decided = PackContent.entries(dossier).stream()
                .filter(entry ->
                        entry.action().startsWith("approval.") || entry.action().equals("project.approved"))
                .toList();
        if (decided.isEmpty()) {
            page.paragraph("gap", "Nobody has decided anything.");
        }
        decided.forEach(entry -> page.markup("<p>" + escape(Sheet.time(entry.at())) + " "
                + escape(dossier.name(entry.actor())) + ": <a href=\"ledger/entries/" + entry.index() + ".json\">"
                + escape(entry.action()) + "</a> " + escape(entry.subject())
                + (entry.authenticated() ? "" : " (without signing in)") + "</p>\n"));
    }

    private void records(HtmlText page) {
        assessment.answers().values().stream()
                .filter(answer -> answer.state() != Answer.State.MISSING)
                .forEach(answer -> {
                    page.heading(answer.query().replace('.', '-'), answer.title());
                    page.markup("<p class=\"muted\"><a href=\"" + escape(answer.file()) + "\">" + escape(answer.file())
                            + "</a>, SHA-256 " + answer.digest() + "</p>\n");
                    page.sheet(Sheet.of(answer.record()));
                });
    }

    private void files(HtmlText page) {
        page.heading("files", "Files");
        page.markup("<details><summary>" + files.size() + " files and their SHA-256; index.json has them too</summary>"
                + "<div class=\"scroll\"><table><tbody>\n");
        files.forEach(file -> page.markup("<tr><td><a href=\"" + escape(file.name()) + "\">" + escape(file.name())
                + "</a></td><td>" + file.sha256() + "</td></tr>\n"));
        page.markup("</tbody></table></div></details>\n");
    }
}
