package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.project.Assessment;
import org.millwright.project.Project;
import org.millwright.project.ProjectFile;
import org.millwright.project.ProjectNote;
import org.millwright.project.ProjectPlan;
import org.millwright.project.ProjectReviews;
import org.millwright.project.ProjectVersion;
import org.millwright.project.Projects;
import org.millwright.project.Questionnaire;

/** What a project's request says, what was said about it, and when it is looked at again, as JSON. */
record ProjectJson(Projects projects, ProjectReviews reviews, PipelineRuns runs, Users users) {
    /** Adds what belongs to the file that waits, or else to the one in force. */
    void addTo(ObjectNode json, Project project) {
        Optional<ProjectVersion> waiting = projects.proposal(project.name());
        waiting.map(ProjectVersion::file)
                .or(() -> projects.file(project.name()))
                .ifPresent(file -> {
                    json.set("request", plan(file));
                    projects.assessment(project.name(), file.digest())
                            .ifPresentOrElse(
                                    found -> json.set("intake", assessment(found)), () -> json.putNull("intake"));
                    file.plan()
                            .budget()
                            .ifPresent(budget -> json.putObject("budget")
                                    .put("computeSeconds", budget.computeSeconds())
                                    .put("used", runs.computeSeconds(project.name())));
                    var consents = json.putArray("consents");
                    projects.consents(project.name(), file.digest())
                            .forEach(consent -> consents.addObject()
                                    .put("role", consent.role())
                                    .put("by", users.nameOf(consent.by()))
                                    .put("at", consent.at())
                                    .put("reason", consent.reason()));
                });
        waiting.ifPresent(version -> json.set("deciders", Json.tree(projects.deciders(version))));
        reviews.of(project.name()).ifPresent(review -> json.set("review", review(review, users)));
        var notes = json.putArray("notes");
        projects.notes(project.name()).forEach(note -> notes.add(note(note, users)));
    }

    private static ObjectNode plan(ProjectFile file) {
        ProjectPlan plan = file.plan();
        ObjectNode json = Json.object().put("template", plan.template());
        plan.businessOwner().ifPresent(owner -> json.put("businessOwner", owner));
        plan.value().ifPresent(value -> json.set("expectedValue", Json.tree(value)));
        plan.affected().ifPresent(affected -> json.set("usersAffected", Json.tree(affected)));
        json.set("reviewers", Json.tree(plan.reviewers()));
        return json.put("reviewEveryDays", plan.reviewEvery(file.riskTier()).toDays());
    }

    private static ObjectNode assessment(Assessment assessment) {
        ObjectNode json = Json.object()
                .put("questionnaire", assessment.questionnaire())
                .put("tier", assessment.tier().text());
        json.set("reasons", Json.tree(assessment.reasons()));
        return json;
    }

    static ObjectNode review(ProjectReviews.Review review, Users users) {
        return Json.object()
                .put("by", users.nameOf(review.by()))
                .put("at", review.at())
                .put("due", review.due())
                .put("everyDays", review.every().toDays())
                .put("overdue", review.overdue());
    }

    static ObjectNode note(ProjectNote note, Users users) {
        ObjectNode json = Json.object()
                .put("id", note.id())
                .put("kind", note.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .put("by", users.nameOf(note.by()))
                .put("at", note.at())
                .put("text", note.text());
        note.question().ifPresent(question -> json.put("question", question));
        return json;
    }

    static ObjectNode questionnaire(Questionnaire questionnaire) {
        ObjectNode json = Json.object().put("version", questionnaire.version());
        var questions = json.putArray("questions");
        questionnaire.questions().forEach(question -> {
            ObjectNode one = questions
                    .addObject()
                    .put("id", question.id())
                    .put("ask", question.ask())
                    .put("source", question.source())
                    .put("several", question.several());
            var choices = one.putArray("choices");
            question.choices()
                    .forEach((answer, choice) -> choices.addObject()
                            .put("answer", answer)
                            .put("text", choice.text())
                            .put("tier", choice.tier().map(tier -> tier.text()).orElse("prohibited")));
        });
        return json;
    }
}
