package org.millwright.artifact;

/** Bytes that are kept: hex SHA-256 and length in bytes. */
public record Stored(String sha256, long size) {}
