package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a command writes its data, and what it finds around itself. */
class Written {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "${COMPLETION-CANDIDATES}; else MW_OUTPUT, else table.")
    private Optional<Output.Form> form = Optional.empty();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec mixee;

    Surroundings around() {
        return ((Mw) mixee.root().userObject()).around();
    }

    Screen screen() {
        return around().screen();
    }

    boolean isTable() {
        return form() == Output.Form.TABLE;
    }

    /** Whether the whole answer is written, for programs. */
    boolean isDocument() {
        return form() == Output.Form.JSON || form() == Output.Form.YAML;
    }

    /** Whether a table is written for a spreadsheet. */
    boolean isCsv() {
        return form() == Output.Form.CSV;
    }

    private Output.Form form() {
        return form.orElseGet(
                () -> around().variable("MW_OUTPUT").map(Output.Form::of).orElse(Output.Form.TABLE));
    }

    private Output output() {
        return new Output(mixee.commandLine().getOut(), form(), width());
    }

    /** Columns of the terminal, which the launcher asks for; 0 when the output goes elsewhere. */
    private int width() {
        return around().variable("MW_COLUMNS")
                .filter(text -> text.matches("[0-9]{1,4}"))
                .map(Integer::valueOf)
                .orElse(0);
    }

    /** Writes rows to standard output in the form that was asked for. */
    int list(JsonNode rows, String... columns) {
        output().list(rows, columns);
        return Exit.OK;
    }

    /** Writes one thing to standard output in the form that was asked for. */
    int show(JsonNode thing, String... fields) {
        output().show(thing, fields);
        return Exit.OK;
    }

    /** Writes manifests to standard output: as YAML documents, or as one list for JSON. */
    int documents(List<ObjectNode> documents) {
        output().documents(documents);
        return Exit.OK;
    }

    /** A line of standard output. */
    void print(String line) {
        mixee.commandLine().getOut().println(line);
        mixee.commandLine().getOut().flush();
    }

    /** A line for the person; standard output stays clean. */
    void say(String line) {
        screen().hint(line);
    }
}
