package org.millwright.dataset;

import java.util.List;

/**
 * What a contract promises about one table.
 *
 * @param missing texts that mean "no value" in CSV files, besides the empty text
 * @param digest hex SHA-256 of the table's part of the contract, the same for any layout and comments
 */
public record ContractTable(
        String contract, String name, List<Column> columns, List<Rule> rules, List<String> missing, String digest) {
    /**
     * A promised column.
     *
     * @param physicalType type of the source, or "" when the contract leaves it open
     */
    public record Column(String name, LogicalType type, String physicalType, boolean key) {}

    public ContractTable {
        columns = List.copyOf(columns);
        rules = List.copyOf(rules);
        missing = List.copyOf(missing);
    }
}
