package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw card}: what is known about a model or dataset, on one sheet. */
@Command(
        name = "card",
        description = "The card of a model or dataset, from the record; edit what only people know.",
        mixinStandardHelpOptions = true)
final class CardCommand implements Callable<Integer> {
    /** Forms of a card beside those of {@code -o}. */
    enum Form {
        HTML,
        MD,
        JSON,
        CYCLONEDX
    }

    @Mixin
    private Shared shared = new Shared();

    @Parameters(paramLabel = "ASSET", arity = "0..1", description = "model:NAME, model:NAME/VERSION or dataset:NAME.")
    private Optional<String> asset = Optional.empty();

    @Option(names = "--format", description = "${COMPLETION-CANDIDATES}; without it, the facts in a list.")
    private Optional<Form> format = Optional.empty();

    @Option(names = "--out", paramLabel = "FILE", description = "Write it there; the form follows the name's ending.")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--pdf", paramLabel = "FILE", description = "Print it by an installed Chromium.")
    private Optional<Path> pdf = Optional.empty();

    @Override
    public Integer call() {
        Client client = shared.client();
        AssetPath path = AssetPath.of(asset.orElseThrow(
                        () -> new Problem.Invalid("Of which asset? (expected: model:NAME/VERSION or dataset:NAME)")))
                .resolved(client);
        String card = "/api/1/cards" + path.path();
        if (pdf.isPresent()) {
            Path file = shared.around().resolve(pdf.get());
            PrintedPdf.write(shared.around(), client.text(card + "?form=html"), file);
            shared.say("Printed to " + file);
            return Exit.OK;
        }
        Optional<Form> form = format.or(() -> out.map(CardCommand::ending));
        if (form.isPresent()) {
            String text = client.text(card + "?form=" + form.get().name().toLowerCase(Locale.ROOT));
            return out.map(file -> write(file, text)).orElseGet(() -> {
                shared.print(text.stripTrailing());
                return Exit.OK;
            });
        }
        JsonNode json = client.get(card);
        return shared.isTable() ? list(json) : shared.show(json, "ref", "title");
    }

    private static Form ending(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".html") ? Form.HTML : name.endsWith(".json") ? Form.JSON : Form.MD;
    }

    private int write(Path file, String text) {
        Path target = shared.around().resolve(file);
        try {
            Files.writeString(target, text);
        } catch (IOException e) {
            throw new Problem.Unavailable("Cannot write " + target + ": " + e.getMessage(), "Choose another file.", e);
        }
        shared.say("Written to " + target);
        return Exit.OK;
    }

    private int list(JsonNode card) {
        shared.print(card.path("title").asText() + ": " + card.path("lead").asText());
        ArrayNode rows = Json.array();
        card.path("parts")
                .forEach(part -> rows.addObject()
                        .put("part", part.path("title").asText())
                        .put("state", part.path("state").asText())
                        .put("said", part.path("said").asText())
                        .put("owes", part.path("lacking").path(0).path("owes").asText()));
        return shared.list(rows, "part", "state", "said", "owed by=owes");
    }

    @Command(name = "edit", description = "Write a section that only people know.", mixinStandardHelpOptions = true)
    int edit(
            @Mixin Shared with,
            @Parameters(paramLabel = "ASSET", description = "model:NAME, model:NAME/VERSION or dataset:NAME.")
                    String ref,
            @Option(names = "--section", required = true, description = "Such as limitations or intended-use.")
                    String section,
            @Option(names = "--file", description = "Its text, as Markdown.") Optional<Path> file,
            @Option(names = "--text", description = "Its text.") Optional<String> text) {
        if (file.isPresent() == text.isPresent()) {
            throw new Problem.Invalid("Give the section's text once: --file FILE or --text TEXT");
        }
        String words = text.orElseGet(() -> read(with.around().resolve(file.orElseThrow())));
        Client client = with.client();
        AssetPath path = AssetPath.of(ref).resolved(client);
        JsonNode written = client.put(
                "/api/1/cards" + path.path() + "/sections/" + Client.part(section),
                "application/json",
                Json.bytes(Json.object().put("text", words)));
        return with.show(written, "section", "version", "at=at:at");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new Problem.NotFound("No file " + file + " that can be read as text");
        }
    }
}
