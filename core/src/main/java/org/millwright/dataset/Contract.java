package org.millwright.dataset;

import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Problem;

/** A data contract in the form of the Open Data Contract Standard, version 3. */
public record Contract(String id, String version, String status, List<ContractTable> tables) {
    public Contract {
        tables = List.copyOf(tables);
    }

    /**
     * Reads the text of a contract file; one {@link Problem.Invalid} names every mistake as {@code file:line: …}.
     *
     * @param file name to show in messages
     */
    public static Contract parse(String file, String text) {
        return new ContractReader(file, text).read();
    }

    public Optional<ContractTable> find(String table) {
        return tables.stream()
                .filter(candidate -> candidate.name().equals(table))
                .findFirst();
    }

    /** The table of that name. */
    public ContractTable table(String table) {
        return find(table)
                .orElseThrow(() -> new Problem.NotFound(
                        "The contract " + id + " promises nothing about '" + table + "' (it has: "
                                + String.join(
                                        ", ",
                                        tables.stream().map(ContractTable::name).toList()) + ")",
                        "Add a schema entry named " + table + " to the contract."));
    }
}
