package org.millwright.app.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw approve}: grants, sends back or refuses what someone else asked for, and all that belongs to it. */
@Command(
        name = "approve",
        description = "Grant, send back or refuse what waits in the inbox.",
        mixinStandardHelpOptions = true,
        customSynopsis = {
            "mw approve REF [--refuse | --send-back] [--reason TEXT] [--condition TEXT --due DATE [--measure CEL]]...",
            "mw approve say|resubmit|delegate|deputies|conditions|meet …"
        },
        footer = {"", "Example: mw approve project:flight-delays --as ben"})
final class Approve implements Callable<Integer> {
    @Mixin
    private Shared shared = new Shared();

    @Parameters(paramLabel = "REF", arity = "0..1", description = "As mw inbox lists it.")
    private Optional<String> ref = Optional.empty();

    @Option(names = "--refuse", description = "Refuse instead; needs a reason.")
    private boolean refuse;

    @Option(names = "--send-back", description = "Ask for an answer instead of deciding; needs a reason.")
    private boolean back;

    @Option(names = "--reason", description = "Why.")
    private String reason = "";

    @Option(names = "--seen", description = "What mw inbox -o json showed; refused when that changed.")
    private Optional<String> seen = Optional.empty();

    @ArgGroup(exclusive = false, multiplicity = "0..*")
    private List<Wanted> conditions = new ArrayList<>();

    /** A condition of the approval. */
    static final class Wanted {
        @Option(names = "--condition", required = true, description = "What must be done after the approval.")
        private String text = "";

        @Option(names = "--due", paramLabel = "DATE", required = true, description = "By when.")
        private String due = "";

        @Option(names = "--measure", paramLabel = "CEL", description = "Is true when it is kept; see mw policy fields.")
        private String measure = "";

        ObjectNode json() {
            return Json.object().put("text", text).put("due", due).put("measure", measure);
        }
    }

    @Override
    public Integer call() {
        String subject = ref.orElseThrow(() -> new Problem.Invalid("Which request? (expected: REF)", "mw inbox"));
        if (refuse && back) {
            throw new Problem.Invalid("Either --refuse or --send-back");
        }
        if ((refuse || back) && reason.isBlank()) {
            throw new Problem.Invalid("A refusal needs a reason", "mw approve " + subject + " --refuse --reason '…'");
        }
        ObjectNode body = Json.object()
                .put("ref", subject)
                .put("decision", refuse ? "refuse" : back ? "send-back" : "approve")
                .put("reason", reason);
        seen.ifPresent(text -> body.put("seen", text));
        if (!conditions.isEmpty()) {
            var list = body.putArray("conditions");
            conditions.forEach(condition -> list.add(condition.json()));
        }
        return Decisions.decide(shared, body);
    }

    @Command(
            name = "say",
            description = "Ask about what waits, or answer what was asked.",
            mixinStandardHelpOptions = true)
    int say(
            @Mixin Shared options,
            @Parameters(paramLabel = "REF") String about,
            @Option(names = "--text", required = true) String text) {
        return options.show(
                options.client()
                        .post(
                                "/api/1/decisions/say",
                                Json.object().put("ref", about).put("text", text)),
                "ref",
                "kind",
                "at=at:at");
    }

    @Command(
            name = "resubmit",
            description = "Ask again for what lapsed or was sent back.",
            mixinStandardHelpOptions = true)
    int resubmit(
            @Mixin Shared options,
            @Parameters(paramLabel = "REF") String about,
            @Option(names = "--answer", defaultValue = "", description = "To what it was sent back with.")
                    String answer) {
        return Decisions.resubmit(options, about, answer);
    }

    @Command(
            name = "delegate",
            description = "Let another approver decide in your place until a day, or end that.",
            mixinStandardHelpOptions = true)
    int delegate(
            @Mixin Shared options,
            @Option(names = "--to", paramLabel = "NAME") Optional<String> deputy,
            @Option(names = "--until", paramLabel = "DATE", description = "The last day; at most 90 days away.")
                    Optional<String> until,
            @Option(names = "--end", description = "Decide yourself again.") boolean end) {
        if (end) {
            options.client().post("/api/1/deputies/end", Json.object());
            options.say("You decide yourself again.");
            return Exit.OK;
        }
        var body = Json.object();
        body.put("to", deputy.orElseThrow(() -> new Problem.Invalid("To whom? (expected: --to NAME)")));
        body.put("until", until.orElseThrow(() -> new Problem.Invalid("How long? (expected: --until DATE)")));
        return options.show(options.client().post("/api/1/deputies", body), DEPUTY);
    }

    private static final String[] DEPUTY = {"person", "deputy", "from=at:from", "until=at:until"};

    @Command(name = "deputies", description = "Who decides in whose place.", mixinStandardHelpOptions = true)
    int deputies(@Mixin Shared options) {
        return options.list(options.client().get("/api/1/deputies").path("deputies"), DEPUTY);
    }

    private static final String[] CONDITION = {"id", "model", "release", "text", "due=through:dueAt", "state", "note"};

    @Command(
            name = "conditions",
            description = "Under which conditions releases were approved.",
            mixinStandardHelpOptions = true)
    int conditions(@Mixin Shared options) {
        return options.list(options.client().get("/api/1/conditions").path("conditions"), CONDITION);
    }

    @Command(name = "meet", description = "Say that a condition is met.", mixinStandardHelpOptions = true)
    int meet(
            @Mixin Shared options,
            @Parameters(paramLabel = "CONDITION") String id,
            @Option(names = "--note", required = true, description = "How.") String note) {
        return options.show(
                options.client()
                        .post(
                                "/api/1/conditions/" + Client.part(id) + "/meet",
                                Json.object().put("note", note)),
                CONDITION);
    }
}
