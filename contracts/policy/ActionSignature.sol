// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev What an argument is to somebody who reads it from the head of the call's arguments. `Uint`: an unsigned integer of
/// whole bytes. `Word`: one other word, be it a value or where a dynamic value begins. `Compound`: a tuple or an array, whose
/// words cannot be counted without following it.
enum ArgumentKind {
    Word,
    Uint,
    Address,
    Compound
}

/// @title Reads a function's canonical signature, such as `withdraw(bytes32,address,address,uint256)`
/// @dev Strict: what is not canonical (spaces, names of arguments, `uint` for `uint256`) would give another selector than the
/// function's, and is refused. Positions are in bytes; a next position of 0 is "malformed", as no part of a signature ends there.
library ActionSignature {
    /// @return wellFormed Whether the whole text is one canonical signature.
    /// @return arguments The kinds of the function's own arguments, in order.
    function parse(string calldata signature) internal pure returns (bool wellFormed, ArgumentKind[] memory arguments) {
        bytes calldata text = bytes(signature);
        ArgumentKind[] memory kinds = new ArgumentKind[](text.length); // there are fewer arguments than characters
        (uint256 next, uint256 count) = _list(text, _name(text), kinds);
        wellFormed = next != 0 && next == text.length;
        arguments = kinds;
        assembly ("memory-safe") {
            mstore(arguments, count) // shortens the list to what was found
        }
    }

    /// @dev End of the function's name; 0 where there is none, at which then no list of arguments begins.
    function _name(bytes calldata text) private pure returns (uint256 end) {
        for (; _isNameCharacter(_character(text, end)); ++end) {}
        if (_isDigit(_character(text, 0))) return 0;
    }

    /// @dev `"(" [type {"," type}] ")"`
    function _list(
        bytes calldata text,
        uint256 position,
        ArgumentKind[] memory kinds
    ) private pure returns (uint256 next, uint256 count) {
        if (position == 0 || _character(text, position) != "(") return (0, 0);
        next = position + 1;
        if (_character(text, next) == ")") return (next + 1, 0);
        while (true) {
            ArgumentKind kind;
            (next, kind) = _type(text, next);
            if (next == 0) return (0, 0);
            if (count < kinds.length) kinds[count] = kind;
            ++count;
            bytes1 separator = _character(text, next);
            ++next;
            if (separator == ")") return (next, count);
            if (separator != ",") return (0, 0);
        }
    }

    /// @dev `(list | elementary) {"[" [number] "]"}`
    function _type(bytes calldata text, uint256 position) private pure returns (uint256 next, ArgumentKind kind) {
        if (_character(text, position) == "(") {
            uint256 members;
            (next, members) = _list(text, position, new ArgumentKind[](0));
            if (members == 0) return (0, ArgumentKind.Compound);
            kind = ArgumentKind.Compound;
        } else {
            (next, kind) = _elementary(text, position);
            if (next == 0) return (0, kind);
        }
        while (_character(text, next) == "[") {
            kind = ArgumentKind.Compound;
            uint256 digits = next + 1;
            for (next = digits; _isDigit(_character(text, next)); ++next) {}
            if (_character(text, digits) == "0" || _character(text, next) != "]") return (0, kind);
            ++next;
        }
    }

    /// @dev `address`, `bool`, `string`, `function`, `bytes`, `bytes1` to `bytes32`, `uint8` to `uint256`, `int8` to `int256`.
    function _elementary(bytes calldata text, uint256 position) private pure returns (uint256 end, ArgumentKind kind) {
        uint256 letters = position;
        for (; _isLowerLetter(_character(text, letters)); ++letters) {}
        uint256 width;
        for (end = letters; _isDigit(_character(text, end)); ++end) {
            if (end == letters + 3) return (0, kind);
            width = width * 10 + (uint8(_character(text, end)) - 48);
        }
        if (letters - position > 8 || _character(text, letters) == "0") return (0, kind);
        bytes8 name = bytes8(text[position:letters]);
        bool plain = end == letters;
        if (name == "uint" || name == "int") {
            if (width == 0 || width > 256 || width % 8 != 0) return (0, kind);
            return (end, name == "uint" ? ArgumentKind.Uint : ArgumentKind.Word);
        }
        if (name == "bytes") return (plain || (width != 0 && width <= 32) ? end : 0, ArgumentKind.Word);
        if (!plain) return (0, kind);
        if (name == "address") return (end, ArgumentKind.Address);
        return (name == "bool" || name == "string" || name == "function" ? end : 0, ArgumentKind.Word);
    }

    /// @dev Zero beyond the end.
    function _character(bytes calldata text, uint256 position) private pure returns (bytes1) {
        return position < text.length ? text[position] : bytes1(0);
    }

    function _isNameCharacter(bytes1 character) private pure returns (bool) {
        return
            _isLowerLetter(character) ||
            _isDigit(character) ||
            (character >= "A" && character <= "Z") ||
            character == "_" ||
            character == "$";
    }

    function _isLowerLetter(bytes1 character) private pure returns (bool) {
        return character >= "a" && character <= "z";
    }

    function _isDigit(bytes1 character) private pure returns (bool) {
        return character >= "0" && character <= "9";
    }
}
