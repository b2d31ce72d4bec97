package io.userstore.command.code;

import io.userstore.command.user.IssuedCode;

/** A code that was just made, and what is kept of it. */
public record NewCode(Code code, IssuedCode issued) {}
