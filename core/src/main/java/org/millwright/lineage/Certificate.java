package org.millwright.lineage;

/**
 * A signed statement about an asset.
 *
 * @param subject asset reference, such as {@code model:flight-delays/1}
 * @param root digest over all files of its folder, hex SHA-256
 * @param statement hex SHA-256 of the signed statement, kept as an artifact
 * @param key hint of the key that signed it
 * @param authenticated whether who asked for it had shown credentials
 * @param at milliseconds since the epoch
 */
public record Certificate(
        String subject, String root, String statement, String key, String actor, boolean authenticated, long at) {}
