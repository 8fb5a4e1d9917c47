package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** A project's request, in lines below its fields. */
final class RequestText {
    private RequestText() {}

    static String decides(JsonNode project, String name) {
        List<String> deciders = texts(project.path("deciders"));
        return deciders.isEmpty()
                ? "Nobody may decide yet: mw user grant NAME approver --project " + name
                : String.join(" or ", deciders) + " decides: mw approve project:" + name + " --as "
                        + deciders.getFirst();
    }

    static List<String> lines(JsonNode project) {
        var lines = new ArrayList<String>();
        project.path("members")
                .forEach(member -> lines.add("MEMBER   " + member.path("name").asText() + " "
                        + member.path("role").asText()));
        lines.add("TIER     " + tier(project));
        JsonNode request = project.path("request");
        if (request.path("businessOwner").isTextual()) {
            lines.add("ANSWERS  " + request.path("businessOwner").asText() + " for value and risk");
        }
        if (request.path("expectedValue").isObject()) {
            JsonNode value = request.path("expectedValue");
            lines.add("VALUE    " + number(value.path("amount")) + " "
                    + value.path("currency").asText() + " per "
                    + value.path("per").asText());
        }
        if (project.path("budget").isObject()) {
            lines.add("BUDGET   " + number(project.path("budget").path("used")) + " of "
                    + number(project.path("budget").path("computeSeconds")) + " compute-seconds used this month");
        }
        JsonNode review = project.path("review");
        if (review.isObject()) {
            lines.add("REVIEW   " + (review.path("overdue").asBoolean() ? "overdue since " : "due ")
                    + day(review.path("due").asLong()) + ", last by "
                    + review.path("by").asText());
        }
        project.path("consents")
                .forEach(consent -> lines.add("AGREED   " + consent.path("by").asText() + " as "
                        + consent.path("role").asText()));
        project.path("notes")
                .forEach(note -> lines.add("%-8s "
                                .formatted(note.path("kind").asText().toUpperCase(java.util.Locale.ROOT))
                        + note.path("by").asText() + ": " + note.path("text").asText()));
        return lines;
    }

    private static String tier(JsonNode project) {
        String stated = project.path("riskTier").asText();
        JsonNode intake = project.path("intake");
        if (!intake.isObject()) {
            return stated + ", as stated: the intake is not answered (mw project questions)";
        }
        List<String> why = StreamSupport.stream(intake.path("reasons").spliterator(), false)
                .filter(reason ->
                        reason.path("tier").asText().equals(intake.path("tier").asText()))
                .map(reason -> reason.path("answer").asText())
                .toList();
        return stated + "; the answers mean " + intake.path("tier").asText() + ": " + String.join("; ", why);
    }

    static List<String> questions(JsonNode intake) {
        var lines = new ArrayList<String>();
        lines.add("Answer under 'intake' of millwright.yaml; questions "
                + intake.path("version").asText());
        intake.path("questions").forEach(question -> {
            lines.add("");
            lines.add(question.path("id").asText() + ": " + question.path("ask").asText() + " ("
                    + question.path("source").asText()
                    + (question.path("several").asBoolean() ? "; several answers" : "") + ")");
            question.path("choices")
                    .forEach(choice -> lines.add("  %-32s %-10s %s"
                            .formatted(
                                    choice.path("answer").asText(),
                                    choice.path("tier").asText(),
                                    choice.path("text").asText())));
        });
        return lines;
    }

    private static String number(JsonNode number) {
        return number.isIntegralNumber() || number.asDouble() == Math.rint(number.asDouble())
                ? Long.toString(number.asLong())
                : number.asText();
    }

    private static String day(long at) {
        return Instant.ofEpochMilli(at).atOffset(ZoneOffset.UTC).toLocalDate().toString();
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
